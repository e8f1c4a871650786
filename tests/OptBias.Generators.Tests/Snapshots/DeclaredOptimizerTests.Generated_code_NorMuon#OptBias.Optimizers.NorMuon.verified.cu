//HintName: OptBias.Optimizers.NorMuon.cu
// NorMuon. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     u₁ = NewtonSchulz₍₅₎(mₜ)
//     power = Σⱼ((u₁)²)
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) power / columns
//     u₂ = u₁ / (√vₜ + ε)
//     squares = Σ u₂²
//     u = 0.2 u₂ √(elements / squares) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 5: reads g, m and writes m; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) NorMuonPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        State* __restrict__ mPointer = tensor<State>(row, 1);
        const double* s = table.scalars + (row[0] * 2);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneMinusBeta1 = Real(s[1]); // 1 − β₁

        for_elements(chunk, is_aligned(gPointer, mPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];
                const Real m = mValues[k];

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * g);

                mValues[k] = mNext;
            }

            store(width, mPointer, i, mValues);
        });
    }
}

// Pass 2 of 5: reads u₁ and writes w; 2 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) NorMuonPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        const Real* __restrict__ u1Pointer = tensor<const Real>(row, 0);
        Real* __restrict__ wPointer = tensor<Real>(row, 1);

        for_elements(chunk, is_aligned(u1Pointer, wPointer), [&](auto width, long long i)
        {
            const auto u1Values = load(width, u1Pointer, i);
            Pack<Real, decltype(width)::count> wValues;
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real u1 = u1Values[k];

                // w = (u₁)²
                const Real w = u1 * u1;

                wValues[k] = w;
            }

            store(width, wPointer, i, wValues);
        });
    }
}

// Pass 3 of 5: reads v, u₁, power, and gathers 1 sum; 1 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) NorMuonPass3(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 6LL);
        const Real* __restrict__ vPointer = tensor<const Real>(row, 0);
        const Real* __restrict__ u1Pointer = tensor<const Real>(row, 1);
        const Real* __restrict__ powerPointer = tensor<const Real>(row, 2);
        const Layout whole = { row[4], row[5] }; // rows and columns of the matrix [first dimension, all others]
        const double* s = table.scalars + (row[0] * 4);
        const Real beta2 = Real(s[0]); // β₂
        const Real oneMinusBeta2 = Real(s[1]); // 1 − β₂
        const Real scalar3 = Real(s[2]); // 1 / columns
        const Real eps = Real(s[3]); // ε
        Real sum0 = 0;

        for_elements(chunk, is_aligned(u1Pointer), [&](auto width, long long i)
        {
            const auto vValues = load_rows(width, vPointer, i, whole);
            const auto u1Values = load(width, u1Pointer, i);
            const auto powerValues = load_rows(width, powerPointer, i, whole);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real v = vValues[k];
                const Real u1 = u1Values[k];
                const Real power_ = powerValues[k];

                // u₂ = u₁ / (√(β₂ vₜ₋₁ + (1 − β₂) power / columns) + ε)
                const Real u2 = u1 / (sqrt((beta2 * v) + ((oneMinusBeta2 * power_) * scalar3)) + eps);

                sum0 += u2 * u2;
            }
        });
        block_sum(sum0, table.sums + (c * 1) + 0);
    }
}

// Pass 4 of 5: reads v, power and writes v; 3 moved for each row of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) NorMuonPass4(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Real* __restrict__ vPointer = tensor<Real>(row, 0);
        const Real* __restrict__ powerPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 3);
        const Real beta2 = Real(s[0]); // β₂
        const Real oneMinusBeta2 = Real(s[1]); // 1 − β₂
        const Real scalar3 = Real(s[2]); // 1 / columns

        for_elements(chunk, is_aligned(vPointer, powerPointer), [&](auto width, long long i)
        {
            auto vValues = load(width, vPointer, i);
            const auto powerValues = load(width, powerPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real v = vValues[k];
                const Real power_ = powerValues[k];

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) power / columns
                const Real vNext = (beta2 * v) + ((oneMinusBeta2 * power_) * scalar3);

                vValues[k] = vNext;
            }

            store(width, vPointer, i, vValues);
        });
    }
}

// Pass 5 of 5: reads θ, v, u₁ and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) NorMuonPass5(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 6LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Real* __restrict__ vPointer = tensor<const Real>(row, 1);
        const Real* __restrict__ u1Pointer = tensor<const Real>(row, 2);
        const Layout whole = { row[4], row[5] }; // rows and columns of the matrix [first dimension, all others]
        const Real constant2 = Real(0.2);
        const double* s = table.scalars + (row[0] * 4);
        const Real eps = Real(s[0]); // ε
        const Real scalar3 = Real(s[1]); // √(elements / squares)
        const Real lambda = Real(s[2]); // λ
        const Real eta = Real(s[3]); // η

        for_elements(chunk, is_aligned(thetaPointer, u1Pointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto vValues = load_rows(width, vPointer, i, whole);
            const auto u1Values = load(width, u1Pointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real v = vValues[k];
                const Real u1 = u1Values[k];

                // u₂ = u₁ / (√vₜ₋₁ + ε)
                const Real u2 = u1 / (sqrt(v) + eps);

                // u = 0.2 u₂ √(elements / squares) + λ θₜ₋₁
                const Real u = ((constant2 * u2) * scalar3) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}