"""The verdict of each claim: how it fits what the code gives, and why a contradiction may be no mistake."""
