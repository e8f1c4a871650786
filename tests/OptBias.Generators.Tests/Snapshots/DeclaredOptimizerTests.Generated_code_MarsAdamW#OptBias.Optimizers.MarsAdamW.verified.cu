//HintName: OptBias.Optimizers.MarsAdamW.cu
// MarsAdamW. In step t (from 1), g the gradient of the loss by θ:
//     corrected = g + weight(t, β₁, γ) (g − lastₜ₋₁)
//     squares = Σ corrected²
//     u₁ = corrected / ‖corrected‖ if 1 < squares else corrected
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) u₁
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) (u₁)²
//     u = mₜ / firstWeight(t, β₁) / (√(vₜ / secondWeight(t, β₂)) + ε) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
//     lastₜ = g
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 2: reads g, last, and gathers 1 sum; 2 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) MarsAdamWPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        const State* __restrict__ lastPointer = tensor<const State>(row, 1);
        const double* s = table.scalars + (row[0] * 1);
        const Real weight = Real(s[0]); // weight(t, β₁, γ)
        Real sum0 = 0;

        for_elements(chunk, is_aligned(gPointer, lastPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            const auto lastValues = load(width, lastPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];
                const Real last = lastValues[k];

                // corrected = g + weight(t, β₁, γ) (g − lastₜ₋₁)
                const Real corrected = g + (weight * (g - last));

                sum0 += corrected * corrected;
            }
        });
        block_sum(sum0, table.sums + (c * 1) + 0);
    }
}

// Pass 2 of 2: reads θ, g, m, last, v and writes last, m, v, θ; 9 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) MarsAdamWPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 6LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        State* __restrict__ lastPointer = tensor<State>(row, 3);
        State* __restrict__ vPointer = tensor<State>(row, 4);
        const double* s = table.scalars + (row[0] * 12);
        const Real beta1 = Real(s[0]); // β₁
        const Real weight = Real(s[1]); // weight(t, β₁, γ)
        const Real scalar3 = Real(s[2]); // 1 / ‖corrected‖
        const bool condition4 = s[3] > 0.0; // 1 < squares
        const Real oneMinusBeta1 = Real(s[4]); // 1 − β₁
        const Real beta2 = Real(s[5]); // β₂
        const Real oneMinusBeta2 = Real(s[6]); // 1 − β₂
        const Real inverseFirstWeight = Real(s[7]); // 1 / firstWeight(t, β₁)
        const Real inverseSecondWeight = Real(s[8]); // 1 / secondWeight(t, β₂)
        const Real eps = Real(s[9]); // ε
        const Real lambda = Real(s[10]); // λ
        const Real eta = Real(s[11]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, mPointer, lastPointer, vPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            auto lastValues = load(width, lastPointer, i);
            auto vValues = load(width, vPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real m = mValues[k];
                const Real last = lastValues[k];
                const Real v = vValues[k];

                // corrected = g + weight(t, β₁, γ) (g − lastₜ₋₁)
                const Real corrected = g + (weight * (g - last));

                // u₁ = corrected / ‖corrected‖ if 1 < squares else corrected
                const Real u1 = condition4 ? (corrected * scalar3) : corrected;

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) u₁
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * u1);

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) (u₁)²
                const Real vNext = (beta2 * v) + ((oneMinusBeta2 * u1) * u1);

                // u = mₜ / firstWeight(t, β₁) / (√(vₜ / secondWeight(t, β₂)) + ε) + λ θₜ₋₁
                const Real u = ((mNext * inverseFirstWeight) / (sqrt(vNext * inverseSecondWeight) + eps)) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                lastValues[k] = g;
                mValues[k] = mNext;
                vValues[k] = vNext;
                thetaValues[k] = thetaNext;
            }

            store(width, lastPointer, i, lastValues);
            store(width, mPointer, i, mValues);
            store(width, vPointer, i, vValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}