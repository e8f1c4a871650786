//HintName: OptBias.Optimizers.EmaAdamW.cu
// EmaAdamW. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) g²
//     m̂ = mₜ / (1 − β₁ᵗ)
//     v̂ = vₜ / (1 − β₂ᵗ)
//     u = m̂ / (√v̂ + ε) + λ θₜ₋₁
//     next = θₜ₋₁ − rate(t, η) u
//     averageₜ = next if 0 < isFirst(t) else averageₜ₋₁ + (1 − averageDecay) (next − averageₜ₋₁)
//     θₜ = θₜ₋₁ − η u
//     θₑᵥₐₗ = averageₜ
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, m, v, average and writes m, v, average, θ; 9 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) EmaAdamWPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 6LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        State* __restrict__ vPointer = tensor<State>(row, 3);
        State* __restrict__ averagePointer = tensor<State>(row, 4);
        const double* s = table.scalars + (row[0] * 12);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneMinusBeta1 = Real(s[1]); // 1 − β₁
        const Real beta2 = Real(s[2]); // β₂
        const Real oneMinusBeta2 = Real(s[3]); // 1 − β₂
        const Real inverseBiasCorrection1 = Real(s[4]); // 1 / (1 − β₁ᵗ)
        const Real inverseBiasCorrection2 = Real(s[5]); // 1 / (1 − β₂ᵗ)
        const Real epsilon = Real(s[6]); // ε
        const Real lambda = Real(s[7]); // λ
        const Real rate = Real(s[8]); // rate(t, η)
        const Real oneMinusAverageDecay = Real(s[9]); // 1 − averageDecay
        const bool condition11 = s[10] > 0.0; // 0 < isFirst(t)
        const Real eta = Real(s[11]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, mPointer, vPointer, averagePointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            auto vValues = load(width, vPointer, i);
            auto averageValues = load(width, averagePointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real m = mValues[k];
                const Real v = vValues[k];
                const Real average = averageValues[k];

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * g);

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) g²
                const Real vNext = (beta2 * v) + (oneMinusBeta2 * (g * g));

                // m̂ = mₜ / (1 − β₁ᵗ)
                const Real mHat = mNext * inverseBiasCorrection1;

                // v̂ = vₜ / (1 − β₂ᵗ)
                const Real vHat = vNext * inverseBiasCorrection2;

                // u = m̂ / (√v̂ + ε) + λ θₜ₋₁
                const Real u = (mHat / (sqrt(vHat) + epsilon)) + (lambda * theta);

                // next = θₜ₋₁ − rate(t, η) u
                const Real next = theta - (rate * u);

                // averageₜ = next if 0 < isFirst(t) else averageₜ₋₁ + (1 − averageDecay) (next − averageₜ₋₁)
                const Real averageNext = condition11 ? next : (average + (oneMinusAverageDecay * (next - average)));

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                mValues[k] = mNext;
                vValues[k] = vNext;
                averageValues[k] = averageNext;
                thetaValues[k] = thetaNext;
            }

            store(width, mPointer, i, mValues);
            store(width, vPointer, i, vValues);
            store(width, averagePointer, i, averageValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}

// To the point at which one evaluates, t steps taken: reads average and writes θ; 2 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) EmaAdamWEvaluationPass(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const State* __restrict__ averagePointer = tensor<const State>(row, 1);

        for_elements(chunk, is_aligned(thetaPointer, averagePointer), [&](auto width, long long i)
        {
            Pack<Real, decltype(width)::count> thetaValues;
            const auto averageValues = load(width, averagePointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real average = averageValues[k];

                thetaValues[k] = average;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}