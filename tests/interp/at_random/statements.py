"""Statements of Python and PyTorch of which programs are made at random.

`<x>` is a tensor that the program has, `<l>` a list, `<d>` a dict, `<u>` a tuple of sizes, `<a>` a size or a number,
`<k>` and `<z>` a small number; the other letters are new names. A digit behind tells several of a kind apart.
"""

from __future__ import annotations

STATEMENTS = """
<n> = len(<l>)
----
<n> = <x>.shape[0]
----
<n> = <x>.shape[-1] // 2 + 1
----
<n> = max(<a1>, <a2>)
----
<n> = min(<a1>, <a2>, 5)
----
<n1>, <n2> = divmod(<a1> + 5, <a2>)
----
<n> = <a1> if <a1> > <a2> else <a2>
----
<n> = [<a1>, <a2>, 3][<z>]
----
<n> = {"k": <a1>}.get("k", <a2>)
----
<n> = {"k": <a1>}.get("q", <a2>)
----
<n> = (<a1>, <a2>)[-1]
----
<n> = -(-<a1> // <a2>)
----
<n> = abs(<a1> - <a2>) + 1
----
<n> = <x>.numel() % 5 + 1
----
<n> = <x>.dim()
----
<n> = sorted([<a1>, <a2>, 4])[1]
----
<n> = functools.reduce(operator.mul, <u>)
----
<n> = math.prod(<x>.shape[1:]) % 7 + 1
----
<n> = sum(1 for <v> in <l> if <v>.shape[0] > 1) + 1
----
<n> = len(set([<a1>, <a2>, <a1>]))
----
<n> = int(math.sqrt(<a1> * <a1>))
----
<n> = <a1> << 1
----
<n> = (<a1> ** 2) % 6 + 1
----
<n> = int(<a1> * 1.5)
----
<n> = round(<a1> / <a2>) + 1
----
<n> = int(<a1> / <a2>) + 1
----
<n> = next(iter(<u>))
----
<n> = sum(<u>)
----
<n> = <u>.index(<u>[-1]) + 1
----
<n> = <u>.count(2) + 1
----
<n> = len("abc" * <a1>) % 9 + 1
----
<n> = len("a,b,c".split(","))
----
<n> = int("3") + <a1>
----
<n> = bool(<a1>) + 1
----
<n> = <a1> and <a2>
----
<n> = 0 or <a1>
----
<n> = not <a1> or 3
----
<n> = sum(<v>.shape[0] for <v> in <l>)
----
<n> = max(<v>.size(-1) for <v> in <l>)
----
<n> = max(<l>, key=lambda <v>: <v>.numel()).shape[0]
----
<n> = [<i> for <i> in range(<a1> + 3) if <i> % 2][-1]
----
<n> = list(range(<a1>, <a1> + 9, 3))[1]
----
<n> = len(range(0, 10, <a1>))
----
<n> = len(range(10, 0, -<a1>))
----
<n> = ord("c") - ord("a")
----
<n> = (lambda p, q=<a1>: p + q)(<a2>)
----
<n> = (lambda *p: len(p))(<a1>, <a2>)
----
<n> = np.prod(<x>.shape).item() % 8 + 1
----
<n> = <a1>
<n> += <a2>
----
<n> = <a1> * 2
<n> -= 1
----
<n> = <a1> * 6
<n> //= 2
----
if <a1> > <a2>:
    <n> = <a1>
else:
    <n> = <a2> + 1
----
if <a1> > 2 and <a2> < 3:
    <n> = 2
elif <a2> == 3:
    <n> = 3
else:
    <n> = 4
----
<n> = 0
for <i> in range(<a1>):
    <n> += <i> + 1
----
<n> = 0
for <i> in range(10):
    if <i> == <a1>:
        continue
    if <i> > <a1> + 2:
        break
    <n> += 1
----
<n> = 1
while <n> < <a1> + 3:
    <n> *= 2
----
<n> = 8
while True:
    <n> -= 1
    if <n> < <a1>:
        break
<n> += 2
----
<n> = 0
for <i> in range(3):
    <n> += 1
else:
    <n> += <a1>
----
<n> = 0
for <i> in range(3):
    if <i> == 1:
        break
    <n> += 1
else:
    <n> += 5
<n> += 1
----
try:
    <n> = <a1> // 0
except ZeroDivisionError:
    <n> = 3
----
try:
    <n> = [1, 2][5]
except IndexError:
    <n> = <a1>
finally:
    <n2> = 2
----
try:
    <n> = {"a": 1}["b"]
except (KeyError, IndexError):
    <n> = <a1> + 1
else:
    <n> = 7
----
try:
    <n> = <a1>
except ValueError:
    <n> = 9
else:
    <n> += 1
----
if (<n> := <a1> + 1) > 2:
    <n> += 1
----
<n> = <a1>
def <f>():
    nonlocal <n>
    <n> += 2
<f>()
----
def <f>(p, *rest, q=2, **more):
    return p + len(rest) + q + len(more)
<n> = <f>(<a1>, 1, 2, q=1, z=3)
----
def <f>(p, acc=[]):
    acc.append(p)
    return len(acc)
<f>(1)
<n> = <f>(2)
----
def <f>(p):
    return 1 if p <= 1 else p + <f>(p - 1)
<n> = <f>(<k>)
----
def <f>(p):
    for <i> in range(p):
        yield <i> * 2
<n> = sum(<f>(<k>)) + 1
----
def <f>(p):
    if p > 2:
        return p
    return p * 3
<n> = <f>(<a1>)
----
<s> = [lambda: <i> for <i> in range(1, 4)]
<n> = <s>[0]()
----
<s> = [lambda q=<i>: q for <i> in range(1, 4)]
<n> = <s>[0]()
----
<s> = [1, 2]
<s2> = <s>
<s2>.append(<a1>)
<n> = len(<s>)
----
<s> = [1, 2]
<s2> = <s>[:]
<s2>.append(<a1>)
<n> = len(<s>)
----
<s> = [3, 1, 2]
<s>.sort()
<n> = <s>[0] + 1
----
<s> = [3, 1, 2]
<s>.reverse()
<n> = <s>[0]
----
<s> = [3, 1, 2]
<n> = <s>.pop(0)
----
<s> = [3, 1, 2]
<s>.insert(1, <a1>)
<n> = <s>[1] + len(<s>)
----
<s> = [3, 1, 2]
<s>.extend([<a1>, 5])
<n> = <s>[-2]
----
<s> = [3, 1, 2]
del <s>[0]
<n> = <s>[0] + len(<s>)
----
<s> = [3, 1, 2]
<s>[1:] = [4]
<n> = sum(<s>)
----
<s> = [3, 1, 2]
<s>.remove(1)
<n> = len(<s>)
----
<s> = [3] * <a1>
<s>[0] = 1
<n> = sum(<s>)
----
<s> = [[0] * 2] * 2
<s>[0].append(1)
<n> = len(<s>[1])
----
<s> = [[0] * 2 for <i> in range(2)]
<s>[0].append(1)
<n> = len(<s>[1])
----
<s> = {}
<s>["a"] = <a1>
<s>.update(b=<a2>)
<n> = len(<s>) + <s>["b"]
----
<s> = {"a": 1, "b": 2}
<n> = <s>.pop("a") + len(<s>)
----
<s> = {"a": 1, "b": 2}
<n> = 0
for <v1>, <v2> in <s>.items():
    <n> += <v2>
----
<s> = {<i>: <i> * 2 for <i> in range(1, 4)}
<n> = <s>[2]
----
<s> = {"a": 1}
<n> = <s>.setdefault("a", 5) + <s>.setdefault("c", 3)
----
<s> = {"a": 1, **{"b": <a1>}}
<n> = <s>["b"]
----
<s> = defaultdict(int)
<s>["q"] += <a1>
<n> = <s>["q"]
----
<s> = defaultdict(list)
<s>["q"].append(1)
<s>["q"].append(2)
<n> = len(<s>["q"])
----
<s> = deque([1, 2, 3])
<s>.appendleft(<a1>)
<n> = <s>[0]
----
<n1>, *<s>, <n2> = [1, 2, 3, <a1>]
<n> = len(<s>)
----
(<n1>, <n2>), <n3> = (<a1>, 2), 3
----
<n1>, <n2> = <a1>, <a2>
<n1>, <n2> = <n2>, <n1>
----
<n1> = <n2> = <a1>
----
match <a1>:
    case 2:
        <n> = 5
    case 3 | 4:
        <n> = 6
    case _:
        <n> = 7
----
match (<a1>, <a2>):
    case (2, <v>):
        <n> = <v> + 1
    case (<v>, _):
        <n> = <v>
----
class <C>:
    width = 2
    def __init__(self, w):
        self.w = w
    @property
    def both(self):
        return self.w + self.width
<n> = <C>(<a1>).both
----
class <C>:
    count = 0
    def __init__(self):
        <C>.count += 1
<C>()
<C>()
<n> = <C>.count
----
class <C>:
    def __init__(self, w):
        self.w = w
    def __len__(self):
        return self.w
    def __getitem__(self, i):
        return i + self.w
    def __call__(self, q):
        return q * self.w
<s> = <C>(<a1>)
<n1> = len(<s>)
<n2> = <s>[1]
<n3> = <s>(2)
----
class <C>:
    @classmethod
    def make(cls, w):
        s = cls()
        s.w = w
        return s
    @staticmethod
    def twice(w):
        return 2 * w
<n1> = <C>.make(<a1>).w
<n2> = <C>.twice(<a2>)
----
class <C>:
    def size(self):
        return 2
class <C2>(<C>):
    def size(self):
        return super().size() + <a1>
<n> = <C2>().size()
----
class <C>:
    def __enter__(self):
        return <a1>
    def __exit__(self, *e):
        return False
with <C>() as <n>:
    <n2> = <n> + 1
----
<s> = namedtuple("P", "w h")(<a1>, h=<a2>)
<n> = <s>.w + <s>[1]
----
<f> = functools.partial(max, <a1>)
<n> = <f>(<a2>)
----
<n> = sum(map(lambda p: p + 1, <u>))
----
<n> = len(list(filter(lambda p: p > 2, [1, 2, 3, <a1>])))
----
<n> = sum(p * q for p, q in zip(<u>, [1, 2, 3]))
----
<n> = max(enumerate([4, 9, 2]), key=lambda p: p[1])[0] + 1
----
<n> = sum(itertools.accumulate([1, 2]))
----
<n> = len(list(itertools.product([1, 2], [3, 4])))
----
<n> = len(list(itertools.chain([1], [2, 3])))
----
<n> = list(reversed([1, 2, <a1>]))[0]
----
<n> = any([<a1> > 2]) + all([<a2> > 1, True]) + 1
----
<n> = int(isinstance(<x>, torch.Tensor)) + 1
----
<n> = <x>.size(0) if <x>.dim() > 2 else <x>.size(-1)
----
<n> = 1 + (<a1> == <a2>)
----
<n> = 2 if 1 < <a1> < 4 else 5
----
<n> = 2 if <a1> in <u> else 3
----
<n> = 2 if "a" in <d> else 3
----
<n> = 2 if <x>.shape == (2, 3, 4) else 3
----
<n> = 2 if <x>.shape[0] == <a1> else 4
----
<n> = f"{<a1>}".count("2") + 1
----
<n> = <x>.stride(0) % 5 + 1
----
<n> = <x>.nelement() // <x>.shape[-1]
----
<n> = <x>[0].shape[0] if <x>.dim() > 1 else 1
----
<t> = (<a1>, <a2>)
----
<t> = <u> + (2,)
----
<t> = <u>[::-1]
----
<t> = tuple(p + 1 for p in <u>)
----
<t> = tuple(<x>.shape)
----
<t> = (1,) * <a1>
----
<y> = torch.zeros(<a1>, <a2>)
----
<y> = torch.zeros(*<u>)
----
<y> = torch.rand(<u>)
----
<y> = torch.zeros([<a1>] + list(<u>))
----
<y> = torch.full((<a1>, 3), 1.0)
----
<y> = torch.arange(0, <a1> * 2, 2).float()
----
<y> = torch.linspace(0, 1, <a1>)
----
<y> = torch.eye(<a1>, <a2>)
----
<y> = <x> * 2
----
<y> = <x1> + <x2>
----
<y> = <x1> @ <x2>
----
<y> = <x1> @ <x2>.transpose(-1, -2)
----
<y> = <x>.sum(<z>)
----
<y> = <x>.mean(-1, keepdim=True)
----
<y> = <x>.max(dim=0).values
----
<y>, <y2> = <x>.max(-1)
----
<y> = <x>.flatten(<k>)
----
<y> = <x>.flatten()
----
<y> = <x>.reshape(-1, <a1>)
----
<y> = <x>.view(<x>.shape[0], -1)
----
<y> = <x>.reshape(*<x>.shape[:-1], -1, 1)
----
<y> = <x>.unsqueeze(<z>)
----
<y> = <x>.squeeze()
----
<y> = <x>.squeeze(<z>)
----
<y> = <x>.transpose(0, -1)
----
<y> = <x>.permute(*reversed(range(<x>.dim())))
----
<y> = <x>.permute(*range(1, <x>.dim()), 0)
----
<y> = <x>.movedim(0, -1)
----
<y> = <x>.T
----
<y> = <x>[0]
----
<y> = <x>[-1]
----
<y> = <x>[:<a1>]
----
<y> = <x>[<a1>:]
----
<y> = <x>[..., :<a1>]
----
<y> = <x>[..., 1:]
----
<y> = <x>[:, :-1]
----
<y> = <x>[:, 1:-1]
----
<y> = <x>[::2]
----
<y> = <x>[:, <a1>:<a2> + 3]
----
<y> = <x>[-<a1>:]
----
<y> = <x>[:, None]
----
<y> = <x>[None, ..., 0]
----
<y> = <x>[[0, 1]]
----
<y> = <x>[:, [0, 0, 1]]
----
<y> = <x>[torch.tensor([0, 1, 1])]
----
<y> = <x>[torch.arange(2), torch.arange(2)]
----
<y> = <x>[torch.zeros(2, 2).long()]
----
<y> = <x>[:, torch.zeros(3).long(), ..., None]
----
<y> = <x>[0:1, ..., -1:]
----
<y> = <x>[slice(None), slice(0, <a1>)]
----
<y> = <x>[(0, slice(1, None))]
----
<y> = <x>[1:100]
----
<y> = torch.cat([<x>, <x>], dim=<z>)
----
<y> = torch.stack([<x>, <x>, <x>], dim=<z>)
----
<y> = torch.cat(<l>, dim=-1)
----
<y> = torch.cat(<l>)
----
<y> = torch.stack([p.sum(-1) for p in <l>])
----
<y> = torch.cat([p[:1] for p in <l>], 0)
----
<y> = torch.cat([p.reshape(-1) for p in <l>])
----
<y> = torch.stack([<x>] * <a1>, -1)
----
<y> = <x>.repeat(<a1>, *([1] * <x>.dim()))
----
<y> = <x>.expand(<a1>, *<x>.shape)
----
<y> = <x>.repeat_interleave(<a1>, dim=0)
----
<y> = <x>.tile((2,))
----
<y> = <x>.roll(1, 0)
----
<y> = <x>.narrow(0, 0, 1)
----
<y> = <x>.select(-1, 0)
----
<y> = <x>.unfold(-1, 2, 1)
----
<y> = <x>.diagonal(dim1=-2, dim2=-1)
----
<y> = <x>.tril()
----
<y> = <x>.cumsum(-1)
----
<y> = <x>.topk(1, dim=-1).values
----
<y> = <x>.sort(0)[0]
----
<y> = <x>.gather(0, torch.zeros_like(<x>).long())
----
<y> = <x>.new_zeros(<a1>, <x>.size(-1))
----
<y> = torch.zeros_like(<x>)
----
<y> = <x>.softmax(-1)
----
<y> = torch.einsum("...i,...i->...", <x>, <x>)
----
<y> = torch.einsum("i...->...i", <x>)
----
<y> = torch.where(<x> > 0, <x>, 0.0)
----
<y> = torch.outer(<x>.flatten()[:2], <x>.flatten()[:3])
----
<y> = F.pad(<x>, (1, <a1>))
----
<y> = F.pad(<x>, (0, 0, <a1>, 1)) if <x>.dim() > 1 else <x>
----
<y> = F.one_hot(torch.arange(<a1>), <a1> + 1).float()
----
<y> = F.interpolate(torch.zeros(1, 2, <a1> + 1, 4), scale_factor=2)
----
<y> = F.avg_pool2d(torch.zeros(1, <a1>, 8, 6), 2)
----
<y> = F.unfold(torch.zeros(1, <a1>, 5, 5), 3, padding=1)
----
<y> = nn.Linear(<x>.shape[-1], <a1>)(<x>)
----
<y> = nn.Conv2d(2, <a1>, 3, stride=<k>, padding=1)(torch.zeros(1, 2, 9, 7))
----
<y> = nn.ConvTranspose1d(2, <a1>, 3, stride=2, output_padding=1)(torch.zeros(1, 2, 5))
----
<y> = nn.Sequential(nn.Linear(<x>.size(-1), 5), nn.ReLU(), nn.Linear(5, <a1>))(<x>)
----
<y> = nn.Embedding(9, <a1>)(torch.zeros(2, 3).long())
----
<y>, _ = nn.LSTM(<x>.shape[-1], <a1>, batch_first=True)(<x>) if <x>.dim() == 3 else (<x>, 0)
----
<y> = nn.LayerNorm(<x>.shape[-1])(<x>)
----
<y> = <x>.clone()
<y>[0] = 1.0
----
<y> = <x>
for <i> in range(<a1> % 3 + 1):
    <y> = <y>.unsqueeze(0)
----
<y> = <x>
for <i> in range(2):
    <y> = torch.cat([<y>, <y>], 0)
----
<y> = <x>
while <y>.dim() > 1:
    <y> = <y>.sum(0)
----
<y> = <x>
while <y>.dim() < 4:
    <y> = <y>[None]
----
if <x>.dim() == 3:
    <y> = <x>.sum(1)
else:
    <y> = <x>.unsqueeze(0)
----
if <x>.shape[0] > 2:
    <y> = <x>[:2]
else:
    <y> = torch.cat([<x>, <x>])
----
<y> = <x> if <a1> > 2 else <x>.flatten()
----
try:
    <y> = <x1> @ <x2>
except RuntimeError:
    <y> = <x1>
----
with torch.no_grad():
    <y> = <x> + 1
----
def <f>(p, d=0):
    return p.sum(d)
<y> = <f>(<x>, d=-1)
----
def <f>(p):
    def inner(q):
        return torch.cat([p, q])
    return inner
<y> = <f>(<x>)(<x>)
----
def <f>(*ps):
    return torch.stack(ps)
<y> = <f>(<x>, <x>)
----
def <f>(ps):
    ps.append(ps[0])
<s> = [<x>, <x>]
<f>(<s>)
<y> = torch.stack(<s>)
----
class <C>(nn.Module):
    def __init__(self, w):
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(w, w) for _ in range(2)])
        self.head = nn.Linear(w, 3)
    def forward(self, x):
        for layer in self.layers:
            x = x + layer(x)
        return self.head(x)
<y> = <C>(<x>.shape[-1])(<x>)
----
class <C>(nn.Module):
    def __init__(self, widths):
        super().__init__()
        layers = []
        for a, b in zip(widths[:-1], widths[1:]):
            layers += [nn.Linear(a, b), nn.ReLU()]
        self.net = nn.Sequential(*layers[:-1])
    def forward(self, x):
        return self.net(x)
<y> = <C>([<x>.shape[-1], 4, <a1>])(<x>)
----
<e> = [<x>]
----
<e> = [<x1>, <x2>]
----
<e> = list(<x>)
----
<e> = list(<x>.unbind(-1))
----
<e> = list(<x>.chunk(2, dim=-1))
----
<e> = list(<x>.split(<a1>, dim=0))
----
<e> = list(torch.tensor_split(<x>, <a1>, dim=0))
----
<e> = [p * 2 for p in <l>]
----
<e> = [p for p in <l> if p.shape[-1] > 2] or <l>
----
<e> = [p.unsqueeze(0) for p in <l>][::-1]
----
<e> = <l> + <l>[:1]
----
<e> = <l>[::-1]
----
<e> = [<x>] * <a1>
----
<e> = [p[<i>:] for <i>, p in enumerate(<l>)]
----
<e> = [p + q for p, q in zip(<l>, <l>)]
----
<e> = []
for <v> in <l>:
    <e>.append(<v>.sum(-1))
----
<e> = []
for <i> in range(<a1>):
    <e>.append(<x>[:<i> + 1])
----
<e> = []
for <i>, <v> in enumerate(<l>):
    if <i> % 2 == 0:
        <e>.append(<v>)
    else:
        <e>.insert(0, <v>.T)
----
<e> = list(<l>)
<e>[0] = <x>
----
<e> = list(<l>)
<e>.pop()
<e>.append(<x>)
----
<e> = list(map(lambda p: p.flatten(), <l>))
----
<e> = sorted(<l>, key=lambda p: p.shape[-1])
----
<e> = list(<d>.values())
----
<e> = [<d>[k] for k in sorted(<d>)]
----
<y> = <l>[0]
----
<y> = <l>[-1].clone()
----
<y> = <d>["a"]
----
<y>, *<e> = <l>
----
<y> = functools.reduce(lambda p, q: torch.cat([p.flatten(), q.flatten()]), <l>)
----
<y> = sum(p.sum() for p in <l>)
----
<y> = max(<l>, key=lambda p: p.numel())
----
<s> = {"a": <x1>, "b": <x2>}
----
<s> = {k: v.unsqueeze(0) for k, v in <d>.items()}
----
<s> = {k: v for k, v in <d>.items() if v.shape[0] > 1} or <d>
----
<s> = dict(<d>)
<s>["c"] = <x>
----
<s> = dict(<d>, a=<x>)
----
<s> = dict(zip(["p", "q"], <l>))
----
<s> = {**<d>, "z": <x>}
----
<s> = OrderedDict(<d>)
<s>["a"] = <x>
----
<d>["a"] = <x>
----
<l>.append(<x>)
----
<l>[0] = <x>
----
<x1>.unsqueeze_(0)
----
<x1>.squeeze_()
----
<x1>.t_() if <x1>.dim() == 2 else None
----
<x1>.transpose_(0, -1)
----
<x1>.resize_(2, 3)
""".strip("\n").split("\n----\n")
