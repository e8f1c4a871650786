#!/usr/bin/env python3
"""Records trajectories of published rules that have no implementation in torch.optim, from their papers' equations, in plain Python.

    python record-rules.py FOLDER

Writes normuon, adam_mini, prodigy, moonlight_muon, mars_adamw and rprop.safetensors. Needs no package. A rule sees all parameters of a
step, each as a list of its numbers with its rows and columns.
"""
import importlib.util
import json
import math
import pathlib
import random
import sys

spec = importlib.util.spec_from_file_location("steepest", pathlib.Path(__file__).with_name("record-steepest.py"))
steepest = importlib.util.module_from_spec(spec)
spec.loader.exec_module(steepest)

SHAPES = ((5, 3), (7,), (4, 3, 2), (6, 8))
STEPS = 30


def zeros(theta):
    return [[0.0] * len(x) for x in theta]


def matrix_of(numbers, columns):
    return [numbers[k:k + columns] for k in range(0, len(numbers), columns)]


def product(a, b):
    sides = steepest.transposed(b)
    return [[steepest.dot(row, side) for side in sides] for row in a]


def newton_schulz(numbers, rows, columns):
    """Five steps of Muon's quintic; the smaller Gram matrix."""
    x = matrix_of(numbers, columns)
    if rows > columns:
        x = steepest.transposed(x)
    norm = steepest.length(numbers) + 1e-7
    x = [[value / norm for value in row] for row in x]
    for _ in range(5):
        a = product(x, steepest.transposed(x))
        square = product(a, a)
        b = [[-4.7750 * p + 2.0315 * q for p, q in zip(u, v)] for u, v in zip(a, square)]
        x = [[3.4445 * p + q for p, q in zip(u, v)] for u, v in zip(x, product(b, x))]
    if rows > columns:
        x = steepest.transposed(x)
    return [value for row in x for value in row]


def normuon(theta, shapes, lr=0.01, beta1=0.95, beta2=0.9, eps=1e-8, weight_decay=0.1):
    momentum, second = zeros(theta), [[0.0] * rows for rows, _ in shapes]

    def step(gradients, t):
        for k, (rows, columns) in enumerate(shapes):
            momentum[k] = [beta1 * m + (1 - beta1) * g for m, g in zip(momentum[k], gradients[k])]
            o = matrix_of(newton_schulz(momentum[k], rows, columns), columns)
            second[k] = [beta2 * v + (1 - beta2) * steepest.dot(row, row) / columns for v, row in zip(second[k], o)]
            o = [value / (math.sqrt(v) + eps) for v, row in zip(second[k], o) for value in row]
            scale = 0.2 * lr * math.sqrt(rows * columns) / steepest.length(o)
            theta[k] = [x - lr * weight_decay * x - scale * u for x, u in zip(theta[k], o)]
    return step


def adam_mini(theta, shapes, lr=0.01, beta1=0.9, beta2=0.95, eps=1e-8, weight_decay=0.1):
    first, second = zeros(theta), [[0.0] * rows for rows, _ in shapes]

    def step(gradients, t):
        for k, (rows, columns) in enumerate(shapes):
            first[k] = [beta1 * m + (1 - beta1) * g for m, g in zip(first[k], gradients[k])]
            blocks = matrix_of(gradients[k], columns)
            second[k] = [beta2 * v + (1 - beta2) * math.fsum(g * g for g in block) / len(block) for v, block in zip(second[k], blocks)]
            for i, x in enumerate(theta[k]):
                root = math.sqrt(second[k][i // columns] / (1 - beta2 ** t)) + eps
                theta[k][i] = x - lr * weight_decay * x - lr * first[k][i] / (1 - beta1 ** t) / root
    return step


def prodigy(theta, shapes, lr=1.0, d0=1e-3, beta1=0.9, beta2=0.999, eps=1e-8):
    start = [list(x) for x in theta]
    m, v, s = zeros(theta), zeros(theta), zeros(theta)
    carried = {"d": d0, "r": 0.0}
    keep = math.sqrt(beta2)

    def step(gradients, t):
        d = carried["d"]
        inner = math.fsum(g * (x0 - x) for gs, xs, starts in zip(gradients, theta, start) for g, x, x0 in zip(gs, xs, starts))
        carried["r"] = keep * carried["r"] + (1 - keep) * lr * d * d * inner
        for k, gradient in enumerate(gradients):
            m[k] = [beta1 * a + (1 - beta1) * d * g for a, g in zip(m[k], gradient)]
            v[k] = [beta2 * a + (1 - beta2) * d * d * g * g for a, g in zip(v[k], gradient)]
            s[k] = [keep * a + (1 - keep) * lr * d * d * g for a, g in zip(s[k], gradient)]
            theta[k] = [x - lr * d * a / (math.sqrt(b) + d * eps) for x, a, b in zip(theta[k], m[k], v[k])]
        carried["d"] = max(d, carried["r"] / math.fsum(abs(a) for row in s for a in row))
    return step


def moonlight_muon(theta, shapes, lr=0.01, momentum=0.95, weight_decay=0.1):
    buffers = zeros(theta)

    def step(gradients, t):
        for k, (rows, columns) in enumerate(shapes):
            buffers[k] = [momentum * b + g for b, g in zip(buffers[k], gradients[k])]
            o = newton_schulz([g + momentum * b for g, b in zip(gradients[k], buffers[k])], rows, columns)
            theta[k] = [x - lr * (0.2 * math.sqrt(max(rows, columns)) * u + weight_decay * x) for x, u in zip(theta[k], o)]
    return step


def mars_adamw(theta, shapes, lr=0.01, beta1=0.95, beta2=0.99, gamma=0.025, eps=1e-8, weight_decay=0.01):
    last, m, v = zeros(theta), zeros(theta), zeros(theta)

    def step(gradients, t):
        for k, gradient in enumerate(gradients):
            c = list(gradient) if t == 1 else [g + gamma * (beta1 / (1 - beta1)) * (g - before) for g, before in zip(gradient, last[k])]
            norm = steepest.length(c)
            if norm > 1:
                c = [x / norm for x in c]
            last[k] = list(gradient)
            m[k] = [beta1 * a + (1 - beta1) * x for a, x in zip(m[k], c)]
            v[k] = [beta2 * a + (1 - beta2) * x * x for a, x in zip(v[k], c)]
            theta[k] = [
                x - lr * ((a / (1 - beta1 ** t)) / (math.sqrt(b / (1 - beta2 ** t)) + eps) + weight_decay * x)
                for x, a, b in zip(theta[k], m[k], v[k])]
    return step


def rprop(theta, shapes, lr=0.01, shrink=0.5, grow=1.2, minimum=1e-6, maximum=50.0):
    last, size = zeros(theta), [[lr] * len(x) for x in theta]

    def step(gradients, t):
        for k, gradient in enumerate(gradients):
            for i, g in enumerate(gradient):
                agreement = g * last[k][i]
                factor = grow if agreement > 0 else shrink if agreement < 0 else 1.0
                size[k][i] = min(max(size[k][i] * factor, minimum), maximum)
                if agreement < 0:
                    g = 0.0
                theta[k][i] -= (g > 0) * size[k][i] - (g < 0) * size[k][i]
                last[k][i] = g
    return step


def record(path, name, rule, hyper, what, seed):
    generator = random.Random(seed)
    theta = [[generator.gauss(0, 1) for _ in range(math.prod(shape))] for shape in SHAPES]
    tensors = {f"param.{k}.init": (list(shape), list(theta[k])) for k, shape in enumerate(SHAPES)}
    step = rule(theta, [steepest.rows_and_columns(shape) for shape in SHAPES], **hyper)
    gradients, after = [[] for _ in SHAPES], [[] for _ in SHAPES]
    for t in range(1, STEPS + 1):
        now = [[generator.gauss(0, 1) for _ in x] for x in theta]
        step(now, t)
        for k in range(len(SHAPES)):
            gradients[k] += now[k]
            after[k] += theta[k]
    for k, shape in enumerate(SHAPES):
        tensors[f"param.{k}.grad"] = ([STEPS, *shape], gradients[k])
        tensors[f"param.{k}.after"] = ([STEPS, *shape], after[k])
    metadata = {"optimizer": name, "hyper": json.dumps(hyper), "source": f"tools/record-rules.py, plain Python: {what}", "steps": str(STEPS)}
    steepest.write_safetensors(path, tensors, metadata)


def main():
    folder = pathlib.Path(sys.argv[1])
    record(folder / "normuon.safetensors", "NorMuon", normuon, {"lr": 0.01, "beta1": 0.95, "beta2": 0.9, "eps": 1e-8, "weight_decay": 0.1}, "arXiv 2510.05491, algorithm 1", 11)
    record(folder / "adam_mini.safetensors", "AdamMini", adam_mini, {"lr": 0.01, "beta1": 0.9, "beta2": 0.95, "eps": 1e-8, "weight_decay": 0.1}, "arXiv 2406.16793, a block for each row", 12)
    record(folder / "prodigy.safetensors", "Prodigy", prodigy, {"lr": 1.0, "d0": 1e-3}, "arXiv 2306.06101, algorithm 4", 13)
    record(folder / "moonlight_muon.safetensors", "MoonlightMuon", moonlight_muon, {"lr": 0.01, "momentum": 0.95, "weight_decay": 0.1}, "arXiv 2502.16982, equation 4, with Nesterov's momentum", 14)
    record(folder / "mars_adamw.safetensors", "MarsAdamW", mars_adamw, {"lr": 0.01, "beta1": 0.95, "beta2": 0.99, "gamma": 0.025, "eps": 1e-8, "weight_decay": 0.01}, "arXiv 2411.10438, algorithm 2, from the gradient before", 15)
    record(folder / "rprop.safetensors", "Rprop", rprop, {"lr": 0.01, "shrink": 0.5, "grow": 1.2, "minimum": 1e-6, "maximum": 50.0}, "torch.optim.Rprop's rule", 16)


if __name__ == "__main__":
    main()
