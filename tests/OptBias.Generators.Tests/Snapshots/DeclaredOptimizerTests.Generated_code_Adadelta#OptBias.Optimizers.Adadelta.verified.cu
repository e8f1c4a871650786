//HintName: OptBias.Optimizers.Adadelta.cu
// Adadelta. In step t (from 1), g the gradient of the loss by θ:
//     g̃ = g + λ θₜ₋₁
//     squareAverageₜ = ρ squareAverageₜ₋₁ + (1 − ρ) g̃²
//     δ = √(accumulatedDeltaₜ₋₁ + ε) / √(squareAverageₜ + ε) g̃
//     accumulatedDeltaₜ = ρ accumulatedDeltaₜ₋₁ + (1 − ρ) δ²
//     θₜ = θₜ₋₁ − η δ
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, squareAverage, accumulatedDelta and writes squareAverage, accumulatedDelta, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdadeltaPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ squareAveragePointer = tensor<State>(row, 2);
        State* __restrict__ accumulatedDeltaPointer = tensor<State>(row, 3);
        const double* s = table.scalars + (row[0] * 5);
        const Real rho = Real(s[0]); // ρ
        const Real lambda = Real(s[1]); // λ
        const Real oneMinusRho = Real(s[2]); // 1 − ρ
        const Real eps = Real(s[3]); // ε
        const Real eta = Real(s[4]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, squareAveragePointer, accumulatedDeltaPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto squareAverageValues = load(width, squareAveragePointer, i);
            auto accumulatedDeltaValues = load(width, accumulatedDeltaPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real squareAverage = squareAverageValues[k];
                const Real accumulatedDelta = accumulatedDeltaValues[k];

                // g̃ = g + λ θₜ₋₁
                const Real gDecayed = g + (lambda * theta);

                // squareAverageₜ = ρ squareAverageₜ₋₁ + (1 − ρ) g̃²
                const Real squareAverageNext = (rho * squareAverage) + ((oneMinusRho * gDecayed) * gDecayed);

                // δ = √(accumulatedDeltaₜ₋₁ + ε) / √(squareAverageₜ + ε) g̃
                const Real delta = (sqrt(accumulatedDelta + eps) / sqrt(squareAverageNext + eps)) * gDecayed;

                // accumulatedDeltaₜ = ρ accumulatedDeltaₜ₋₁ + (1 − ρ) δ²
                const Real accumulatedDeltaNext = (rho * accumulatedDelta) + ((oneMinusRho * delta) * delta);

                // θₜ = θₜ₋₁ − η δ
                const Real thetaNext = theta - (eta * delta);

                squareAverageValues[k] = squareAverageNext;
                accumulatedDeltaValues[k] = accumulatedDeltaNext;
                thetaValues[k] = thetaNext;
            }

            store(width, squareAveragePointer, i, squareAverageValues);
            store(width, accumulatedDeltaPointer, i, accumulatedDeltaValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}