//HintName: OptBias.Optimizers.Shampoo.cu
// Shampoo. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     vᵍₜ = βᵍ vᵍₜ₋₁ + (1 − βᵍ) g²
//     m̂ = mₜ / (1 − β₁ᵗ)
//     d = m̂ / (√(vᵍₜ / (1 − βᵍᵗ)) + εᵍ)
//     G₍ₖ₎: g unfolded along its dimension k = 1, ..., o
//     Lₖ ← β Lₖ + (1 − β) G₍ₖ₎ G₍ₖ₎ᵀ
//     Rₖ = (Lₖ/(1 − βᵗ) + ε I)^(−1/(2o)), refreshed every f steps
//     p = mₜ ×ₖ Rₖ
//     s_g = ‖d‖ / (‖p‖ + 1e−30)
//     u = s_g p + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 3: reads g, m, vᵍ and writes m, vᵍ, d, and gathers 1 sum; 6 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ShampooPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        State* __restrict__ mPointer = tensor<State>(row, 1);
        State* __restrict__ vGraftPointer = tensor<State>(row, 2);
        Real* __restrict__ dPointer = tensor<Real>(row, 3);
        const double* s = table.scalars + (row[0] * 7);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneMinusBeta1 = Real(s[1]); // 1 − β₁
        const Real graftBeta2 = Real(s[2]); // βᵍ
        const Real oneMinusGraftBeta2 = Real(s[3]); // 1 − βᵍ
        const Real inverseBiasCorrection1 = Real(s[4]); // 1 / (1 − β₁ᵗ)
        const Real inverseGraftBiasCorrection2 = Real(s[5]); // 1 / (1 − βᵍᵗ)
        const Real graftEpsilon = Real(s[6]); // εᵍ
        Real sum0 = 0;

        for_elements(chunk, is_aligned(gPointer, mPointer, vGraftPointer, dPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            auto vGraftValues = load(width, vGraftPointer, i);
            Pack<Real, decltype(width)::count> dValues;
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];
                const Real m = mValues[k];
                const Real vGraft = vGraftValues[k];

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * g);

                // vᵍₜ = βᵍ vᵍₜ₋₁ + (1 − βᵍ) g²
                const Real vGraftNext = (graftBeta2 * vGraft) + (oneMinusGraftBeta2 * (g * g));

                // m̂ = mₜ / (1 − β₁ᵗ)
                const Real mHat = mNext * inverseBiasCorrection1;

                // d = m̂ / (√(vᵍₜ / (1 − βᵍᵗ)) + εᵍ)
                const Real d = mHat / (sqrt(vGraftNext * inverseGraftBiasCorrection2) + graftEpsilon);

                sum0 += d * d;
                mValues[k] = mNext;
                vGraftValues[k] = vGraftNext;
                dValues[k] = d;
            }

            store(width, mPointer, i, mValues);
            store(width, vGraftPointer, i, vGraftValues);
            store(width, dPointer, i, dValues);
        });
        block_sum(sum0, table.sums + (c * 1) + 0);
    }
}

// Pass 2 of 3: reads p, and gathers 1 sum; 1 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ShampooPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 2LL);
        const Real* __restrict__ pPointer = tensor<const Real>(row, 0);
        Real sum0 = 0;

        for_elements(chunk, is_aligned(pPointer), [&](auto width, long long i)
        {
            const auto pValues = load(width, pPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real p = pValues[k];

                sum0 += p * p;
            }
        });
        block_sum(sum0, table.sums + (c * 1) + 0);
    }
}

// Pass 3 of 3: reads θ, p and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ShampooPass3(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Real* __restrict__ pPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 3);
        const Real graftScale = Real(s[0]); // s_g = ‖d‖ / (‖p‖ + 1e−30)
        const Real lambda = Real(s[1]); // λ
        const Real eta = Real(s[2]); // η

        for_elements(chunk, is_aligned(thetaPointer, pPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto pValues = load(width, pPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real p = pValues[k];

                // u = s_g p + λ θₜ₋₁
                const Real u = (graftScale * p) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}