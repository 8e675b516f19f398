"""What other tools must say about a profile, worked out from deft's own JSON and nothing else."""
import json
from collections import defaultdict


class Expected:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            profile = json.load(file)["profile"]
        self.frames = profile["frames"]  # [function, module, file, line, inlined]
        self.kind = profile.get("kind", "cpu")
        self.threads = profile.get("threads", [])
        owners = profile.get("stack_threads", [0] * len(profile["stacks"]))
        values = profile.get("values", [0] * len(profile["stacks"]))
        frequency = profile["frequency_hz"]
        self.stacks = []  # (frames, count, value, thread)
        for (count, *frames), value, thread in zip(profile["stacks"], values, owners):
            if value == 0 and frequency:
                value = (count * 10**9 + frequency // 2) // frequency
            self.stacks.append((frames, count, value, thread))
        self.has_values = any(value for _, _, value, _ in self.stacks)

    def totals(self):
        return (sum(count for _, count, _, _ in self.stacks), sum(value for _, _, value, _ in self.stacks))

    def by(self, key):
        """{key(frame): [own count, own value, count with what it called, value likewise]}"""
        table = defaultdict(lambda: [0, 0, 0, 0])
        for frames, count, value, _ in self.stacks:
            for name in {key(self.frames[number]) for number in frames}:
                table[name][2] += count
                table[name][3] += value
            if frames:
                row = table[key(self.frames[frames[-1]])]
                row[0] += count
                row[1] += value
        return dict(table)
