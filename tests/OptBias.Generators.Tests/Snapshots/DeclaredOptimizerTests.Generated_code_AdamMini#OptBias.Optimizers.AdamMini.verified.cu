//HintName: OptBias.Optimizers.AdamMini.cu
// AdamMini. In step t (from 1), g the gradient of the loss by θ:
//     mₜ = β₁ mₜ₋₁ + (1 − β₁) g
//     squares = Σⱼ(g²)
//     vₜ = β₂ vₜ₋₁ + (1 − β₂) squares / columns
//     u = mₜ / firstWeight(t, β₁) / (√(vₜ / secondWeight(t, β₂)) + ε) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 3: reads g, m and writes m, w; 4 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdamMiniPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 4LL);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 0);
        State* __restrict__ mPointer = tensor<State>(row, 1);
        Real* __restrict__ wPointer = tensor<Real>(row, 2);
        const double* s = table.scalars + (row[0] * 2);
        const Real beta1 = Real(s[0]); // β₁
        const Real oneMinusBeta1 = Real(s[1]); // 1 − β₁

        for_elements(chunk, is_aligned(gPointer, mPointer, wPointer), [&](auto width, long long i)
        {
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            Pack<Real, decltype(width)::count> wValues;
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real g = gValues[k];
                const Real m = mValues[k];

                // mₜ = β₁ mₜ₋₁ + (1 − β₁) g
                const Real mNext = (beta1 * m) + (oneMinusBeta1 * g);

                // w = g²
                const Real w = g * g;

                mValues[k] = mNext;
                wValues[k] = w;
            }

            store(width, mPointer, i, mValues);
            store(width, wPointer, i, wValues);
        });
    }
}

// Pass 2 of 3: reads θ, m, v, squares and writes θ; 3 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdamMiniPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 7LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const State* __restrict__ mPointer = tensor<const State>(row, 1);
        const Real* __restrict__ vPointer = tensor<const Real>(row, 2);
        const Real* __restrict__ squaresPointer = tensor<const Real>(row, 3);
        const Layout whole = { row[5], row[6] }; // rows and columns of the matrix [first dimension, all others]
        const double* s = table.scalars + (row[0] * 8);
        const Real inverseFirstWeight = Real(s[0]); // 1 / firstWeight(t, β₁)
        const Real beta2 = Real(s[1]); // β₂
        const Real oneMinusBeta2 = Real(s[2]); // 1 − β₂
        const Real scalar4 = Real(s[3]); // 1 / columns
        const Real inverseSecondWeight = Real(s[4]); // 1 / secondWeight(t, β₂)
        const Real eps = Real(s[5]); // ε
        const Real lambda = Real(s[6]); // λ
        const Real eta = Real(s[7]); // η

        for_elements(chunk, is_aligned(thetaPointer, mPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto mValues = load(width, mPointer, i);
            const auto vValues = load_rows(width, vPointer, i, whole);
            const auto squaresValues = load_rows(width, squaresPointer, i, whole);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real m = mValues[k];
                const Real v = vValues[k];
                const Real squares = squaresValues[k];

                // u = mₜ₋₁ / firstWeight(t, β₁) / (√((β₂ vₜ₋₁ + (1 − β₂) squares / columns) / secondWeight(t, β₂)) + ε) + λ θₜ₋₁
                const Real u = ((m * inverseFirstWeight) / (sqrt(((beta2 * v) + ((oneMinusBeta2 * squares) * scalar4)) * inverseSecondWeight) + eps)) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                thetaValues[k] = thetaNext;
            }

            store(width, thetaPointer, i, thetaValues);
        });
    }
}

// Pass 3 of 3: reads v, squares and writes v; 3 moved for each row of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) AdamMiniPass3(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 3LL);
        Real* __restrict__ vPointer = tensor<Real>(row, 0);
        const Real* __restrict__ squaresPointer = tensor<const Real>(row, 1);
        const double* s = table.scalars + (row[0] * 3);
        const Real beta2 = Real(s[0]); // β₂
        const Real oneMinusBeta2 = Real(s[1]); // 1 − β₂
        const Real scalar3 = Real(s[2]); // 1 / columns

        for_elements(chunk, is_aligned(vPointer, squaresPointer), [&](auto width, long long i)
        {
            auto vValues = load(width, vPointer, i);
            const auto squaresValues = load(width, squaresPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real v = vValues[k];
                const Real squares = squaresValues[k];

                // vₜ = β₂ vₜ₋₁ + (1 − β₂) squares / columns
                const Real vNext = (beta2 * v) + ((oneMinusBeta2 * squares) * scalar3);

                vValues[k] = vNext;
            }

            store(width, vPointer, i, vValues);
        });
    }
}