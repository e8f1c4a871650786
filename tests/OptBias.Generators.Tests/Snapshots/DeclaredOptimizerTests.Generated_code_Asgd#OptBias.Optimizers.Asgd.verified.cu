//HintName: OptBias.Optimizers.Asgd.cu
// Asgd. In step t (from 1), g the gradient of the loss by θ:
//     g̃ = g + λ θₜ₋₁
//     step = fall(t, η, lambd, α) (g̃ + lambd θₜ₋₁)
//     next = θₜ₋₁ − rate(t, η) step
//     meanₜ = meanₜ₋₁ + share(t, t₀) (next − meanₜ₋₁) if share(t, t₀) < 1 else next
//     θₜ = θₜ₋₁ − η step
//     θₑᵥₐₗ = meanₜ
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 1: reads θ, g, mean and writes mean, θ; 5 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AsgdPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ meanPointer = tensor<State>(row, 2);
        const double* s = table.scalars + (row[0] * 7);
        const Real lambda = Real(s[0]); // λ
        const Real lambd = Real(s[1]); // lambd
        const Real fall = Real(s[2]); // fall(t, η, lambd, α)
        const Real rate = Real(s[3]); // rate(t, η)
        const Real share = Real(s[4]); // share(t, t₀)
        const bool condition6 = s[5] > 0.0; // share(t, t₀) < 1
        const Real eta = Real(s[6]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, meanPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto meanValues = load(width, meanPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real mean = meanValues[k];

                // g̃ = g + λ θₜ₋₁
                const Real gDecayed = g + (lambda * theta);

                // step = fall(t, η, lambd, α) (g̃ + lambd θₜ₋₁)
                const Real step = fall * (gDecayed + (lambd * theta));

                // next = θₜ₋₁ − rate(t, η) step
                const Real next = theta - (rate * step);

                // meanₜ = meanₜ₋₁ + share(t, t₀) (next − meanₜ₋₁) if share(t, t₀) < 1 else next
                const Real meanNext = condition6 ? (mean + (share * (next - mean))) : next;

                // θₜ = θₜ₋₁ − η step
                const Real thetaNext = theta - (eta * step);

                meanValues[k] = meanNext;
                thetaValues[k] = thetaNext;
            }

            store(width, meanPointer, i, meanValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}

// To the point at which one evaluates, t steps taken: reads mean and writes θ; 2 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AsgdEvaluationPass(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const State* __restrict__ meanPointer = tensor<const State>(row, 1);

        for_elements(chunk, is_aligned(thetaPointer, meanPointer), [&](auto width, long long i)
        {
            Pack<Real, decltype(width)::count> thetaValues;
            const auto meanValues = load(width, meanPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real mean = meanValues[k];

                thetaValues[k] = mean;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}