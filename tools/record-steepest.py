#!/usr/bin/env python3
"""Records trajectories of steepest descent in five norms (Pethick et al. 2025, arXiv 2502.07529), in plain Python.

    python record-steepest.py FOLDER

Writes frobenius_descent, nuclear_descent, l1_descent, row_descent and column_descent.safetensors. Needs no package: matrices are
lists, sums are exact to the last bit (math.fsum), the first singular pair comes from Jacobi's rotations.
"""
import json
import math
import pathlib
import random
import struct
import sys

SHAPES = ((5, 3), (7,), (4, 3, 2), (6, 8))
STEPS = 20
LEARNING_RATE = 0.01
POWER_STEPS = 8


def rows_and_columns(shape):
    """[first dimension, all others]; a vector is one row."""
    elements = math.prod(shape)
    return (1, elements) if len(shape) < 2 else (shape[0], elements // shape[0])


def dot(a, b):
    return math.fsum(x * y for x, y in zip(a, b))


def length(a):
    return math.sqrt(dot(a, a))


def transposed(matrix):
    return [list(column) for column in zip(*matrix)]


def times(matrix, vector):
    return [dot(row, vector) for row in matrix]


def frobenius(matrix, state):
    norm = length([x for row in matrix for x in row])
    return [[x / norm for x in row] for row in matrix]


def largest_element(matrix, state):
    _, i, j = max(((abs(x), -i, -j) for i, row in enumerate(matrix) for j, x in enumerate(row)))
    return [[math.copysign(1.0, x) if (k, m) == (-i, -j) else 0.0 for m, x in enumerate(row)] for k, row in enumerate(matrix)]


def normalized_rows(matrix, state):
    return [[x / length(row) for x in row] for row in matrix]


def normalized_columns(matrix, state):
    return transposed(normalized_rows(transposed(matrix), state))


def top_eigenvector(symmetric):
    """Jacobi's rotations until nothing is left beside the diagonal."""
    n = len(symmetric)
    a = [list(row) for row in symmetric]
    q = [[float(i == j) for j in range(n)] for i in range(n)]
    for _ in range(60):
        for i in range(n):
            for j in range(i + 1, n):
                if a[i][j] == 0:
                    continue
                theta = (a[j][j] - a[i][i]) / (2 * a[i][j])
                t = math.copysign(1.0, theta) / (abs(theta) + math.sqrt(theta * theta + 1))
                c = 1 / math.sqrt(t * t + 1)
                s = t * c
                for k in range(n):
                    a[k][i], a[k][j] = c * a[k][i] - s * a[k][j], s * a[k][i] + c * a[k][j]
                for k in range(n):
                    a[i][k], a[j][k] = c * a[i][k] - s * a[j][k], s * a[i][k] + c * a[j][k]
                for k in range(n):
                    q[k][i], q[k][j] = c * q[k][i] - s * q[k][j], s * q[k][i] + c * q[k][j]
    best = max(range(n), key=lambda k: a[k][k])
    return [q[k][best] for k in range(n)]


def top_singular_pair(matrix, state):
    """v <- G^T G v / |G^T G v| from the vector of the step before; the first one is exact."""
    if "v" not in state:
        rows, columns = len(matrix), len(matrix[0])
        if rows < columns:
            top = times(transposed(matrix), top_eigenvector([[dot(a, b) for b in matrix] for a in matrix]))
        else:
            sides = transposed(matrix)
            top = top_eigenvector([[dot(a, b) for b in sides] for a in sides])
        state["v"] = [x / length(top) for x in top]
    v = state["v"]
    for _ in range(POWER_STEPS):
        v = times(transposed(matrix), times(matrix, v))
        norm = length(v)
        v = [x / norm for x in v]
    state["v"] = v
    left = times(matrix, v)
    norm = length(left)
    return [[x / norm * y for y in v] for x in left]


def record(path, name, oracle, what, seed):
    generator = random.Random(seed)
    tensors = {}
    for i, shape in enumerate(SHAPES):
        rows, columns = rows_and_columns(shape)
        theta = [generator.gauss(0, 1) for _ in range(rows * columns)]
        gradients, after, state = [], [], {}
        tensors[f"param.{i}.init"] = (list(shape), list(theta))
        for _ in range(STEPS):
            gradient = [generator.gauss(0, 1) for _ in theta]
            step = oracle([gradient[k * columns:(k + 1) * columns] for k in range(rows)], state)
            theta = [x - LEARNING_RATE * u for x, u in zip(theta, (u for row in step for u in row))]
            gradients += gradient
            after += theta
        tensors[f"param.{i}.grad"] = ([STEPS, *shape], gradients)
        tensors[f"param.{i}.after"] = ([STEPS, *shape], after)
    metadata = {"optimizer": name, "hyper": json.dumps({"lr": LEARNING_RATE}), "source": f"tools/record-steepest.py, plain Python: {what}", "steps": str(STEPS)}
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
    record(folder / "frobenius_descent.safetensors", "FrobeniusDescent", frobenius, "u / |u|", 1)
    record(folder / "nuclear_descent.safetensors", "NuclearDescent", top_singular_pair, "top singular pair, 8 power iterations", 2)
    record(folder / "l1_descent.safetensors", "L1Descent", largest_element, "sign of the largest element", 3)
    record(folder / "row_descent.safetensors", "RowDescent", normalized_rows, "rows over their lengths", 4)
    record(folder / "column_descent.safetensors", "ColumnDescent", normalized_columns, "columns over their lengths", 5)


if __name__ == "__main__":
    main()
