#!/usr/bin/env python3
"""Records trajectories of rules that evaluate elsewhere than where they take gradients, in plain Python.

    python record-points.py FOLDER

Writes schedule_free_sgd, schedule_free_adamw, ema_adamw and asgd.safetensors, with the point of evaluation after each step. Needs no
package. Each rule keeps the sequences of its paper as they stand there, none of them recovered from another.
"""
import json
import math
import pathlib
import random
import struct
import sys

SHAPES = ((5, 3), (7,), (4, 3, 2), (6, 8))
STEPS = 40


class ScheduleFree:
    """Defazio et al. 2024, equations 3 to 5 (SGD) and algorithm 1 (AdamW, its correction in the denominator): y, z and x are all kept."""

    def __init__(self, theta, lr, beta, warmup, weight_decay, beta2=None, eps=0.0):
        self.z, self.x, self.y = theta, theta, theta
        self.lr, self.beta, self.warmup, self.decay, self.beta2, self.eps = lr, beta, warmup, weight_decay, beta2, eps
        self.v, self.weights, self.t = 0.0, 0.0, 0

    def step(self, gradient):
        self.t += 1
        rate = self.lr * min(1.0, self.t / self.warmup)
        direction = gradient
        if self.beta2 is not None:
            self.v = self.beta2 * self.v + (1 - self.beta2) * gradient * gradient
            direction = gradient / (math.sqrt(self.v / (1 - self.beta2 ** self.t)) + self.eps)
        self.z = self.z - rate * direction - rate * self.decay * self.y
        self.weights += rate ** 2
        c = rate ** 2 / self.weights
        self.x = (1 - c) * self.x + c * self.z
        self.y = (1 - self.beta) * self.z + self.beta * self.x
        return self.y, self.x


class EmaAdamW:
    """Loshchilov and Hutter 2019, algorithm 2, and the average of the weights it has seen."""

    def __init__(self, theta, lr, beta1, beta2, eps, weight_decay, average_decay):
        self.theta, self.average = theta, None
        self.lr, self.beta1, self.beta2, self.eps, self.decay, self.average_decay = lr, beta1, beta2, eps, weight_decay, average_decay
        self.m, self.v, self.t = 0.0, 0.0, 0

    def step(self, gradient):
        self.t += 1
        self.m = self.beta1 * self.m + (1 - self.beta1) * gradient
        self.v = self.beta2 * self.v + (1 - self.beta2) * gradient ** 2
        m, v = self.m / (1 - self.beta1 ** self.t), self.v / (1 - self.beta2 ** self.t)
        self.theta = self.theta - self.lr * (m / (math.sqrt(v) + self.eps) + self.decay * self.theta)
        self.average = self.theta if self.average is None else self.average_decay * self.average + (1 - self.average_decay) * self.theta
        return self.theta, self.average


class Asgd:
    """torch.optim.ASGD's documented rule: η and μ for a step are set at the end of the one before."""

    def __init__(self, theta, lr, lambd, alpha, t0, weight_decay):
        self.theta, self.mean = theta, 0.0
        self.lr, self.lambd, self.alpha, self.t0, self.decay = lr, lambd, alpha, t0, weight_decay
        self.eta, self.mu, self.t = lr, 1.0, 0

    def step(self, gradient):
        self.t += 1
        gradient = gradient + self.decay * self.theta
        self.theta = self.theta * (1 - self.lambd * self.eta)
        self.theta = self.theta - self.eta * gradient
        self.mean = self.theta if self.mu == 1 else self.mean + (self.theta - self.mean) * self.mu
        self.eta = self.lr / (1 + self.lambd * self.lr * self.t) ** self.alpha
        self.mu = 1 / max(1, self.t - self.t0)
        return self.theta, self.mean


def record(path, name, create, hyper, seed, what):
    generator = random.Random(seed)
    tensors = {}
    for i, shape in enumerate(SHAPES):
        count = math.prod(shape)
        start = [generator.gauss(0, 1) for _ in range(count)]
        rules = [create(theta) for theta in start]
        gradients, after, evaluated = [], [], []
        for _ in range(STEPS):
            gradient = [generator.gauss(0, 1) for _ in range(count)]
            points = [rule.step(g) for rule, g in zip(rules, gradient)]
            gradients += gradient
            after += [point[0] for point in points]
            evaluated += [point[1] for point in points]
        tensors[f"param.{i}.init"] = (list(shape), start)
        tensors[f"param.{i}.grad"] = ([STEPS, *shape], gradients)
        tensors[f"param.{i}.after"] = ([STEPS, *shape], after)
        tensors[f"param.{i}.evaluated"] = ([STEPS, *shape], evaluated)
    metadata = {"optimizer": name, "hyper": json.dumps(hyper), "source": f"tools/record-points.py, plain Python: {what}", "steps": str(STEPS)}
    write_safetensors(path, tensors, metadata)


def write_safetensors(path, tensors, metadata):
    header, offset = {"__metadata__": metadata}, 0
    for name, (shape, numbers) in tensors.items():
        header[name] = {"dtype": "F64", "shape": shape, "data_offsets": [offset, offset + 8 * len(numbers)]}
        offset += 8 * len(numbers)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for _, numbers in tensors.values():
            file.write(struct.pack(f"<{len(numbers)}d", *numbers))


def main():
    folder = pathlib.Path(sys.argv[1])
    record(folder / "schedule_free_sgd.safetensors", "ScheduleFreeSgd",
           lambda theta: ScheduleFree(theta, 0.1, 0.9, 10, 0.05),
           {"lr": 0.1, "momentum": 0.9, "warmup": 10, "weight_decay": 0.05}, 11, "Schedule-Free SGD, arXiv 2405.15682")
    record(folder / "schedule_free_adamw.safetensors", "ScheduleFreeAdamW",
           lambda theta: ScheduleFree(theta, 0.02, 0.9, 10, 0.1, 0.99, 1e-8),
           {"lr": 0.02, "betas": [0.9, 0.99], "eps": 1e-8, "warmup": 10, "weight_decay": 0.1}, 12, "Schedule-Free AdamW, arXiv 2405.15682")
    record(folder / "ema_adamw.safetensors", "EmaAdamW",
           lambda theta: EmaAdamW(theta, 0.01, 0.9, 0.99, 1e-8, 0.1, 0.9),
           {"lr": 0.01, "betas": [0.9, 0.99], "eps": 1e-8, "weight_decay": 0.1, "average_decay": 0.9}, 13, "AdamW and an average of its weights")
    record(folder / "asgd.safetensors", "Asgd",
           lambda theta: Asgd(theta, 0.05, 0.01, 0.75, 20, 0.1),
           {"lr": 0.05, "lambd": 0.01, "alpha": 0.75, "t0": 20, "weight_decay": 0.1}, 14, "averaged SGD as torch.optim.ASGD documents it")


if __name__ == "__main__":
    main()
