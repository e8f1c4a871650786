//HintName: OptBias.Optimizers.ScheduleFreeAdamW.cu
// ScheduleFreeAdamW. In step t (from 1), g the gradient of the loss by θ:
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) g²
//     share, totalₜ = share(t, η, warmup, totalₜ₋₁)
//     v̂ = vₜ / (1 − β₂ᵗ)
//     u₁ = g / (√v̂ + ε) + λ θₜ₋₁
//     aheadₜ = (1 − share) (aheadₜ₋₁ − β₁ rate(t, η, warmup) u₁)
//     step = (1 − β₁ (1 − share)) warmth(t, warmup) u₁ − share inverse(t, η) aheadₜ₋₁
//     θₜ = θₜ₋₁ − η step
//     θₑᵥₐₗ = θₜ + (1 − 1 / mix(t, β₁)) aheadₜ
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, v, ahead and writes v, ahead, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ScheduleFreeAdamWPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ vPointer = tensor<State>(row, 2);
        State* __restrict__ aheadPointer = tensor<State>(row, 3);
        const double* s = table.scalars + (row[0] * 10);
        const Real beta2 = Real(s[0]); // β₂
        const Real oneMinusBeta2 = Real(s[1]); // 1 − β₂
        const Real inverseBiasCorrection2 = Real(s[2]); // 1 / (1 − β₂ᵗ)
        const Real epsilon = Real(s[3]); // ε
        const Real lambda = Real(s[4]); // λ
        const Real beta1TimesRate = Real(s[5]); // β₁ rate(t, η, warmup)
        const Real oneMinusShare = Real(s[6]); // 1 − share
        const Real scalar8 = Real(s[7]); // (1 − β₁ (1 − share)) warmth(t, warmup)
        const Real shareTimesInverse = Real(s[8]); // share inverse(t, η)
        const Real eta = Real(s[9]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, vPointer, aheadPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto vValues = load(width, vPointer, i);
            auto aheadValues = load(width, aheadPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real v = vValues[k];
                const Real ahead = aheadValues[k];

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) g²
                const Real vNext = (beta2 * v) + (oneMinusBeta2 * (g * g));

                // v̂ = vₜ / (1 − β₂ᵗ)
                const Real vHat = vNext * inverseBiasCorrection2;

                // u₁ = g / (√v̂ + ε) + λ θₜ₋₁
                const Real u1 = (g / (sqrt(vHat) + epsilon)) + (lambda * theta);

                // aheadₜ = (1 − share) (aheadₜ₋₁ − β₁ rate(t, η, warmup) u₁)
                const Real aheadNext = oneMinusShare * (ahead - (beta1TimesRate * u1));

                // step = (1 − β₁ (1 − share)) warmth(t, warmup) u₁ − share inverse(t, η) aheadₜ₋₁
                const Real step = (scalar8 * u1) - (shareTimesInverse * ahead);

                // θₜ = θₜ₋₁ − η step
                const Real thetaNext = theta - (eta * step);

                vValues[k] = vNext;
                aheadValues[k] = aheadNext;
                thetaValues[k] = thetaNext;
            }

            store(width, vPointer, i, vValues);
            store(width, aheadPointer, i, aheadValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}

// To the point at which one evaluates, t steps taken: reads θ, ahead and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ScheduleFreeAdamWEvaluationPass(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const State* __restrict__ aheadPointer = tensor<const State>(row, 1);
        const double* s = table.scalars + (row[0] * 1);
        const Real oneMinusOneOverMix = Real(s[0]); // 1 − 1 / mix(t, β₁)

        for_elements(chunk, is_aligned(thetaPointer, aheadPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto aheadValues = load(width, aheadPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real ahead = aheadValues[k];

                // θₑᵥₐₗ = θₜ + (1 − 1 / mix(t, β₁)) aheadₜ
                const Real thetaNext = theta + (oneMinusOneOverMix * ahead);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}