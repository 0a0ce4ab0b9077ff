# Copyright: (c) 2026, hris.ad contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A keyed permutation of the numbers below any limit, in which no number stays in its place.

A Feistel network over two factors (Black and Rogaway, Ciphers with Arbitrary Finite Domains, 2002)
with cycle walking. The standardised methods (NIST SP 800-38G), and the libraries for them, need
domains of a million and more, and first names are fewer. In such small domains whoever knows how
frequent a value is can guess it, whatever the cipher: this hides values, and makes nobody
anonymous.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from math import isqrt

ROUNDS = 8
SPARE = 16  # bytes beyond the size of a factor, so that a remainder prefers no value


class Permutation:
    """A bijection of range(size) onto itself.

    tweak: permutations of the same key and size differ by it.
    """

    def __init__(self, key: bytes, tweak: str, size: int):
        self.size = size
        self._left = isqrt(max(size - 1, 0)) + 1
        # left * right is the size or a little more: few numbers have to walk
        self._right = -(-size // self._left)
        self._bytes = (max(self._left, self._right).bit_length() + 7) // 8 + SPARE
        self._seed = hashlib.shake_256(
            b"\0".join((key, tweak.encode("utf-8", "surrogatepass"), str(size).encode()))
        )
        self._step = 0
        if size > 1:
            self._step = 1 + self._random(-1, 0) % (size - 1)

    def __call__(self, number: int) -> int:
        """The number's image.

        It is a fixed step further in the hidden order, so it is never the number itself.
        """
        place = self._walk(self._backward, number)
        return self._walk(self._forward, (place + self._step) % self.size)

    def _walk(self, once: Callable[[int], int], number: int) -> int:
        number = once(number)
        while number >= self.size:
            number = once(number)
        return number

    def _forward(self, number: int) -> int:
        left, right = divmod(number, self._right)
        for turn in range(0, ROUNDS, 2):
            left = (left + self._random(turn, right)) % self._left
            right = (right + self._random(turn + 1, left)) % self._right
        return left * self._right + right

    def _backward(self, number: int) -> int:
        left, right = divmod(number, self._right)
        for turn in range(ROUNDS - 2, -1, -2):
            right = (right - self._random(turn + 1, left)) % self._right
            left = (left - self._random(turn, right)) % self._left
        return left * self._right + right

    def _random(self, turn: int, half: int) -> int:
        state = self._seed.copy()
        state.update(f"\0{turn}\0{half}".encode())
        return int.from_bytes(state.digest(self._bytes), "big")
