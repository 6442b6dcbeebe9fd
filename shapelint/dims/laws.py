"""The laws of sizes that the algebra knows, each with what must be known for it to hold.

Each row is a test: evaluated over small ints that meet the precondition, over ones that do not (to show that it is
needed), and put to the algebra itself with the precondition as facts. Where a divisor is 0 nothing is computed, so
no law speaks of that case.
"""

from __future__ import annotations

from typing import NamedTuple


class Law(NamedTuple):
    """`left == right` for all ints for which `when` is true; an empty `when` is true always."""

    name: str
    when: str
    left: str
    right: str


LAWS = (
    # name                         when                               left                          right
    Law("sum in any order",        "",                              "a + b",                      "b + a"),
    Law("product in any order",    "",                              "a * b",                      "b * a"),
    Law("distributed product",     "",                              "(a + b) * c",                "a * c + b * c"),
    Law("square of a sum",         "",                              "(a + b)**2",                 "a*a + 2*a*b + b*b"),
    Law("difference of squares",   "",                              "(a + b) * (a - b)",          "a**2 - b**2"),
    Law("division by one",         "",                              "a // 1",                     "a"),
    Law("division by minus one",   "",                              "a // -1",                    "-a"),
    Law("division of itself",      "",                              "a // a",                     "1"),
    Law("division of zero",        "",                              "0 // a",                     "0"),
    Law("signs cancel",            "",                              "-a // -b",                   "a // b"),
    Law("multiple",                "",                              "(a * k) // k",               "a"),
    Law("multiple of a sum",       "",                              "(a * k + b * k) // k",       "a + b"),
    Law("multiple taken out",      "",                              "(a * k + r) // k",           "a + r // k"),
    Law("constant taken out",      "",                              "(a + 4) // 2",               "a // 2 + 2"),
    Law("multiple with a rest",    "0 <= r and r < k",              "(a * k + r) // k",           "a"),
    Law("constant rest",           "",                              "(4 * a + 3) // 4",           "a"),
    Law("polynomial quotient",     "",                              "(a**2 - b**2) // (a - b)",   "a + b"),
    Law("small over large",        "0 <= a and a < b",              "a // b",                     "0"),
    Law("small below zero",        "-b <= a and a < 0",             "a // b",                     "-1"),
    Law("common factor",           "",                              "(a * c) // (b * c)",         "a // b"),
    Law("common number",           "",                              "(2 * a) // 4",               "a // 2"),
    Law("common number, odd rest", "",                              "(2 * a + 1) // 4",           "a // 2"),
    Law("number in a divisor",     "b >= 1",                        "(4 * a + 1) // (4 * b)",     "a // b"),
    Law("nested floor",            "n >= 1",                        "(a // m) // n",              "a // (m * n)"),
    Law("nested floor of numbers", "",                              "(a // 2) // 3",              "a // 6"),
    Law("nested floor of a sum",   "n >= 1",                        "(a // m + b) // n",          "(a + b*m) // (m*n)"),
    Law("halved up twice",         "",                              "((a + 1)//2 + 1)//2",        "(a + 3) // 4"),
    Law("strided window",          "",                              "(a - s) // s + 1",           "a // s"),
    Law("strided window of k",     "",                              "(a - k) // s + 1",           "(a - k + s) // s"),
    Law("patches",                 "",                              "(a - 2) // 2 + 1",           "a // 2"),
    Law("rounding up",             "k >= 1",                        "-(-a // k)",                 "(a + k - 1) // k"),
    Law("rounding up a half",      "",                              "-(-a // 2)",                 "(a + 1) // 2"),
    Law("mod and floor",           "",                              "a % 4 + 4 * (a // 4)",       "a"),
    Law("mod and floor of k",      "",                              "a % k + k * (a // k)",       "a"),
    Law("half and parity",         "",                              "a % 2 + a // 2",             "(a + 1) // 2"),
    Law("both halves",             "",                              "a // 2 + (a + 1) // 2",      "a"),
    Law("all thirds",              "",                              "a//3 + (a+1)//3 + (a+2)//3", "a"),
    Law("mod of a smaller mod",    "",                              "(a % 3) % 4",                "a % 3"),
    Law("mod of itself",           "",                              "a % a",                      "0"),
    Law("mod of a multiple",       "",                              "(a * k) % k",                "0"),
    Law("mod of a sum",            "",                              "(a + b * k) % k",            "a % k"),
    Law("mod taken twice",         "",                              "(a % k) % k",                "a % k"),
    Law("mod of a common factor",  "",                              "(2 * a) % (2 * k)",          "2 * (a % k)"),
    Law("small mod",               "0 <= a and a < k",              "a % k",                      "a"),
    Law("floor of a mod",          "",                              "(a % k) // k",               "0"),
    Law("divided multiple",        "divides(k, a)",                 "k * (a // k)",               "a"),
    Law("mod of what is divided",  "divides(k, a)",                 "a % k",                      "0"),
    Law("divisor of a divisor",    "divides(8, a)",                 "4 * (a // 4)",               "a"),
    Law("divided product",         "divides(k, a)",                 "(a * b) // k",               "b * (a // k)"),
    Law("divided sum",             "divides(k, a)",                 "(a + b) // k",               "a // k + b // k"),
    Law("named quotient",          "k != 0 and a == k*b",           "a // k",                     "b"),
    Law("product with a quotient", "divides(k, a) and d == a//k",   "b * k * d",                  "a * b"),
    Law("divided by both",         "divides(2, a) and divides(3, a)", "6 * (a // 6)",               "a"),
    Law("equal products",          "b >= 1 and b*m == b*n",         "m",                          "n"),
    Law("greatest in any order",   "",                              "max(a, b)",                  "max(b, a)"),
    Law("greatest of greatest",    "",                              "max(a, max(b, c))",          "max(max(a, b), c)"),
    Law("greatest of the same",    "",                              "max(a, a)",                  "a"),
    Law("greatest known",          "a >= b",                        "max(a, b)",                  "a"),
    Law("least known",             "a >= b",                        "min(a, b)",                  "b"),
    Law("greatest of shifted",     "",                              "max(a + c, b + c)",          "max(a, b) + c"),
    Law("greatest of negatives",   "",                              "-max(-a, -b)",               "min(a, b)"),
    Law("even by halves",          "(a + 1)//2 == a//2",            "2*((a + 1)//2)",             "a"),
    Law("whole by thirds",         "(a + 2)//3 == a//3",            "3*(a//3)",                   "a"),
    Law("greatest and least",      "",                              "max(a, b) + min(a, b)",      "a + b"),
    Law("greatest of doubles",     "",                              "max(2 * a, 2 * b)",          "2 * max(a, b)"),
)  # fmt: skip
