"""BLAKE3-256 in plain Python, from the paper's description: slow, for articles of a few kilobytes."""

import struct

IV = (0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19)
ORDER = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
CHUNK_START, CHUNK_END, PARENT, ROOT = 1, 2, 4, 8
MASK = 0xFFFFFFFF


def compress(chaining, block, counter, length, flags):
    state = list(chaining) + list(IV[:4]) + [counter & MASK, counter >> 32, length, flags]
    words = list(struct.unpack("<16I", block.ljust(64, b"\0")))

    def mix(a, b, c, d, x, y):
        for word, first, second in ((x, 16, 12), (y, 8, 7)):
            state[a] = (state[a] + state[b] + word) & MASK
            turned = state[d] ^ state[a]
            state[d] = (turned >> first | turned << (32 - first)) & MASK
            state[c] = (state[c] + state[d]) & MASK
            turned = state[b] ^ state[c]
            state[b] = (turned >> second | turned << (32 - second)) & MASK

    for turn in range(7):
        for at in range(4):
            mix(at, 4 + at, 8 + at, 12 + at, words[2 * at], words[2 * at + 1])
        for at in range(4):
            mix(at, 4 + (at + 1) % 4, 8 + (at + 2) % 4, 12 + (at + 3) % 4, words[8 + 2 * at], words[9 + 2 * at])
        if turn < 6:
            words = [words[place] for place in ORDER]
    return [state[at] ^ state[at + 8] for at in range(8)] + [state[at + 8] ^ chaining[at] for at in range(8)]


def chunk(data, counter):
    """The last compression of one chunk, not yet done: its input."""
    chaining, flags = IV, CHUNK_START
    blocks = [data[at : at + 64] for at in range(0, len(data), 64)] or [b""]
    for block in blocks[:-1]:
        chaining = compress(chaining, block, counter, 64, flags)[:8]
        flags = 0
    return chaining, blocks[-1], counter, len(blocks[-1]), flags | CHUNK_END


def tree(data, counter):
    if len(data) <= 1024:
        return chunk(data, counter)
    left = 1024
    while left * 2 < len(data):
        left *= 2
    values = compress(*tree(data[:left], counter))[:8] + compress(*tree(data[left:], counter + left // 1024))[:8]
    return IV, struct.pack("<16I", *values), 0, 64, PARENT


def blake3(data):
    """Returns the hash as 64 hexadecimal digits."""
    chaining, block, counter, length, flags = tree(bytes(data), 0)
    return struct.pack("<8I", *compress(chaining, block, counter, length, flags | ROOT)[:8]).hex()
