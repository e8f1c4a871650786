//HintName: OptBias.Optimizers.ScheduleFreeSgd.cu
// ScheduleFreeSgd. In step t (from 1), g the gradient of the loss by θ:
//     share, totalₜ = share(t, η, warmup, totalₜ₋₁)
//     u₁ = g + λ θₜ₋₁
//     aheadₜ = (1 − share) (aheadₜ₋₁ − momentum rate(t, η, warmup) u₁)
//     step = (1 − momentum (1 − share)) warmth(t, warmup) u₁ − share inverse(t, η) aheadₜ₋₁
//     θₜ = θₜ₋₁ − η step
//     θₑᵥₐₗ = θₜ + (1 − 1 / mix(t, momentum)) aheadₜ
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, ahead and writes ahead, θ; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ScheduleFreeSgdPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ aheadPointer = tensor<State>(row, 2);
        const double* s = table.scalars + (row[0] * 6);
        const Real lambda = Real(s[0]); // λ
        const Real momentumTimesRate = Real(s[1]); // momentum rate(t, η, warmup)
        const Real oneMinusShare = Real(s[2]); // 1 − share
        const Real scalar4 = Real(s[3]); // (1 − momentum (1 − share)) warmth(t, warmup)
        const Real shareTimesInverse = Real(s[4]); // share inverse(t, η)
        const Real eta = Real(s[5]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, aheadPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto aheadValues = load(width, aheadPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real ahead = aheadValues[k];

                // u₁ = g + λ θₜ₋₁
                const Real u1 = g + (lambda * theta);

                // aheadₜ = (1 − share) (aheadₜ₋₁ − momentum rate(t, η, warmup) u₁)
                const Real aheadNext = oneMinusShare * (ahead - (momentumTimesRate * u1));

                // step = (1 − momentum (1 − share)) warmth(t, warmup) u₁ − share inverse(t, η) aheadₜ₋₁
                const Real step = (scalar4 * u1) - (shareTimesInverse * ahead);

                // θₜ = θₜ₋₁ − η step
                const Real thetaNext = theta - (eta * step);

                aheadValues[k] = aheadNext;
                thetaValues[k] = thetaNext;
            }

            store(width, aheadPointer, i, aheadValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}

// To the point at which one evaluates, t steps taken: reads θ, ahead and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ScheduleFreeSgdEvaluationPass(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const State* __restrict__ aheadPointer = tensor<const State>(row, 1);
        const double* s = table.scalars + (row[0] * 1);
        const Real oneMinusOneOverMix = Real(s[0]); // 1 − 1 / mix(t, momentum)

        for_elements(chunk, is_aligned(thetaPointer, aheadPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto aheadValues = load(width, aheadPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real ahead = aheadValues[k];

                // θₑᵥₐₗ = θₜ + (1 − 1 / mix(t, momentum)) aheadₜ
                const Real thetaNext = theta + (oneMinusOneOverMix * ahead);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}