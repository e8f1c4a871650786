//HintName: OptBias.Optimizers.Prodigy.cu
// Prodigy. In step t (from 1), g the gradient of the loss by θ:
//     startₜ = θₜ₋₁ if 0 < isFirst(t) else startₜ₋₁
//     aligned = Σₐₗₗ (0 if 0 < isFirst(t) else g (startₜ₋₁ − θₜ₋₁))
//     s⁽Adapt⁾ₜ = 0.99949987493746 s⁽Adapt⁾ₜ₋₁ + weight(t, η, dₜ₋₁, d₀) g
//     size = Σₐₗₗ |s⁽Adapt⁾ₜ|
//     distance, dₜ, numeratorₜ = distance(t, η, aligned, size, d₀, dₜ₋₁, numeratorₜ₋₁)
//     mₜ = 0.9 mₜ₋₁ + 0.1 distance g
//     vₜ = 0.999 vₜ₋₁ + 0.001 distance² g²
//     u = distance mₜ / (√vₜ + distance 1e−8) + λ θₜ₋₁
//     θₜ = θₜ₋₁ − η u
// θ, g and the state are kept as Parameter, Gradient and State; arithmetic is Real. Compiled after Prelude.cu.

// Pass 1 of 2: reads θ, g, start, s⁽Adapt⁾ and writes start, s⁽Adapt⁾, and gathers 2 sums; 6 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ProdigyPass1(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        const Parameter* __restrict__ thetaPointer = tensor<const Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ startPointer = tensor<State>(row, 2);
        State* __restrict__ adaptSPointer = tensor<State>(row, 3);
        const Real constant2 = Real(0.99949987493746);
        const Real zero = Real(0.0);
        const double* s = table.scalars + (row[0] * 2);
        const bool condition1 = s[0] > 0.0; // 0 < isFirst(t)
        const Real weight = Real(s[1]); // weight(t, η, dₜ₋₁, d₀)
        Real sum0 = 0;
        Real sum1 = 0;

        for_elements(chunk, is_aligned(thetaPointer, gPointer, startPointer, adaptSPointer), [&](auto width, long long i)
        {
            const auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto startValues = load(width, startPointer, i);
            auto adaptSValues = load(width, adaptSPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real start = startValues[k];
                const Real adaptS = adaptSValues[k];

                // startₜ = θₜ₋₁ if 0 < isFirst(t) else startₜ₋₁
                const Real startNext = condition1 ? theta : start;

                // s⁽Adapt⁾ₜ = 0.99949987493746 s⁽Adapt⁾ₜ₋₁ + weight(t, η, dₜ₋₁, d₀) g
                const Real adaptSNext = (constant2 * adaptS) + (weight * g);

                sum0 += condition1 ? zero : (g * (start - theta));
                sum1 += fabs(adaptSNext);
                startValues[k] = startNext;
                adaptSValues[k] = adaptSNext;
            }

            store(width, startPointer, i, startValues);
            store(width, adaptSPointer, i, adaptSValues);
        });
        block_sum(sum0, table.sums + (c * 2) + 0);
        block_sum(sum1, table.sums + (c * 2) + 1);
    }
}

// Pass 2 of 2: reads θ, g, m, v and writes m, v, θ; 7 elements moved for each element of the parameter.
extern "C" __global__ void __launch_bounds__(Threads) ProdigyPass2(const Table table)
{
    for (long long c = blockIdx.x; c < table.count; c += gridDim.x)
    {
        const Chunk chunk = table.chunks[c];
        const long long* row = table.rows + (chunk.row * 5LL);
        Parameter* __restrict__ thetaPointer = tensor<Parameter>(row, 0);
        const Gradient* __restrict__ gPointer = tensor<const Gradient>(row, 1);
        State* __restrict__ mPointer = tensor<State>(row, 2);
        State* __restrict__ vPointer = tensor<State>(row, 3);
        const Real constant1 = Real(0.9);
        const Real constant3 = Real(0.999);
        const double* s = table.scalars + (row[0] * 6);
        const Real scalar2 = Real(s[0]); // 0.1 distance
        const Real scalar4 = Real(s[1]); // 0.001 distance²
        const Real distance = Real(s[2]); // distance = distance(t, η, aligned, size, d₀, dₜ₋₁, numeratorₜ₋₁)
        const Real scalar6 = Real(s[3]); // distance 1e−8
        const Real lambda = Real(s[4]); // λ
        const Real eta = Real(s[5]); // η

        for_elements(chunk, is_aligned(thetaPointer, gPointer, mPointer, vPointer), [&](auto width, long long i)
        {
            auto thetaValues = load(width, thetaPointer, i);
            const auto gValues = load(width, gPointer, i);
            auto mValues = load(width, mPointer, i);
            auto vValues = load(width, vPointer, i);
            #pragma unroll
            for (int k = 0; k < decltype(width)::count; k++)
            {
                const Real theta = thetaValues[k];
                const Real g = gValues[k];
                const Real m = mValues[k];
                const Real v = vValues[k];

                // mₜ = 0.9 mₜ₋₁ + 0.1 distance g
                const Real mNext = (constant1 * m) + (scalar2 * g);

                // vₜ = 0.999 vₜ₋₁ + 0.001 distance² g²
                const Real vNext = (constant3 * v) + ((scalar4 * g) * g);

                // u = distance mₜ / (√vₜ + distance 1e−8) + λ θₜ₋₁
                const Real u = ((distance * mNext) / (sqrt(vNext) + scalar6)) + (lambda * theta);

                // θₜ = θₜ₋₁ − η u
                const Real thetaNext = theta - (eta * u);

                mValues[k] = mNext;
                vValues[k] = vNext;
                thetaValues[k] = thetaNext;
            }

            store(width, mPointer, i, mValues);
            store(width, vPointer, i, vValues);
            store(width, thetaPointer, i, thetaValues);
        });
    }
}