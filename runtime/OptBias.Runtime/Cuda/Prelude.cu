// What all kernels of OptBias share; the runtime compiles it in front of each optimizer's own text. No header is needed.
//
// The types come from the compiler's command line: OPTBIAS_PARAMETER, OPTBIAS_GRADIENT and OPTBIAS_STATE are float, double,
// bfloat16 or float16, OPTBIAS_REAL is float or double. Compile without contraction (-fmad=false): where a product and a sum are
// to be rounded once, the text says fma.

// Half-precision numbers as they lie in memory. Arithmetic never sees them: they are widened as they are loaded and rounded to
// the nearest, ties to even, as they are stored.
struct bfloat16 { unsigned short bits; };
struct float16 { unsigned short bits; };

static __device__ inline double from_bits(unsigned long long bits) { return __longlong_as_double((long long)bits); }

static __device__ inline float widen(float x) { return x; }
static __device__ inline double widen(double x) { return x; }
static __device__ inline float widen(bfloat16 x) { return __int_as_float((int)((unsigned)x.bits << 16)); }

static __device__ inline float widen(float16 x)
{
    // The exponent of float16 is read as that of float32, and put right by 2^112; infinity and NaN keep the largest one.
    const unsigned magnitude = (x.bits & 0x7fffu) << 13;
    const unsigned scaled = (unsigned)__float_as_int(__int_as_float((int)magnitude) * 5.192296858534828e33f);
    const unsigned sign = (x.bits & 0x8000u) << 16;
    return __int_as_float((int)(sign | (magnitude >= 0x0f800000u ? magnitude | 0x7f800000u : scaled)));
}

static __device__ inline void narrow(float x, float& y) { y = x; }
static __device__ inline void narrow(double x, double& y) { y = x; }
static __device__ inline void narrow(double x, float& y) { y = (float)x; }

static __device__ inline void narrow(float x, bfloat16& y)
{
    const unsigned bits = (unsigned)__float_as_int(x);
    y.bits = (unsigned short)((bits & 0x7fffffffu) > 0x7f800000u ? (bits >> 16) | 0x40u : (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16);
}

static __device__ inline void narrow(float x, float16& y)
{
    const unsigned bits = (unsigned)__float_as_int(x);
    const unsigned magnitude = bits & 0x7fffffffu;
    unsigned half;
    if (magnitude > 0x7f800000u)
        half = 0x7e00u;
    else if (magnitude >= 0x477ff000u)
        half = 0x7c00u;
    else if (magnitude >= 0x38800000u)
        half = (magnitude + 0xc8000fffu + ((magnitude >> 13) & 1u)) >> 13;
    else
        half = (unsigned)__float_as_int(__int_as_float((int)magnitude) + 0.5f) - 0x3f000000u; // below 2^-14: beside 1/2 the last bits fall off by themselves
    y.bits = (unsigned short)(half | ((bits >> 16) & 0x8000u));
}

typedef OPTBIAS_PARAMETER Parameter;
typedef OPTBIAS_GRADIENT Gradient;
typedef OPTBIAS_STATE State;
typedef OPTBIAS_REAL Real;

// Threads of a block, and elements that a thread takes at once: as many as make every access one of 16 bytes or several.
constexpr int Threads = 256;
constexpr int Smallest = sizeof(Parameter) < sizeof(Gradient)
    ? (sizeof(Parameter) < sizeof(State) ? sizeof(Parameter) : sizeof(State))
    : (sizeof(Gradient) < sizeof(State) ? sizeof(Gradient) : sizeof(State));
constexpr int Elements = 16 / Smallest;

// A piece of one tensor of the launch: elements [begin, begin + count) of the tensors of a row.
struct Chunk
{
    long long begin;
    int count;
    int row;
};

// All parameters of a launch. A row is, for one parameter, the number of its scalars and the addresses of its tensors.
struct Table
{
    const Chunk* chunks;
    const long long* rows;
    const double* scalars;
    double* sums;
    long long count; // chunks
};

// The last two dimensions of a parameter, for tensors that have a number for each of their rows or columns only.
struct Layout
{
    long long rows;
    long long columns;
};

template <int Count> struct Width { static constexpr int count = Count; };

template <typename T, int Count> struct Pack
{
    T values[Count];
    __device__ inline T& operator[](int k) { return values[k]; }
    __device__ inline const T& operator[](int k) const { return values[k]; }
};

// 16 bytes, which memory gives and takes at once.
template <typename T> struct alignas(16) Piece
{
    static constexpr int count = 16 / sizeof(T);
    T values[count];
    __device__ inline T get(int k) const { return values[k]; }
    __device__ inline void set(int k, T value) { values[k] = value; }
};

// Numbers of 16 bits, two to a word: compilers that see the numbers one by one make two accesses of 8 bytes of them.
template <typename T> struct alignas(16) Halves
{
    static constexpr int count = 8;
    unsigned words[4];
    __device__ inline T get(int k) const { return T { (unsigned short)(words[k / 2] >> (k % 2 * 16)) }; }
    __device__ inline void set(int k, T value) { words[k / 2] = k % 2 == 0 ? value.bits : words[k / 2] | ((unsigned)value.bits << 16); }
};

template <> struct alignas(16) Piece<bfloat16> : Halves<bfloat16> { };
template <> struct alignas(16) Piece<float16> : Halves<float16> { };

template <typename T> static __device__ inline T* tensor(const long long* row, int k) { return reinterpret_cast<T*>(row[1 + k]); }

template <typename... T> static __device__ inline bool is_aligned(const T*... addresses)
{
    return ((reinterpret_cast<unsigned long long>(addresses) | ... | 0ull) % 16) == 0;
}

template <typename T, int Count> static __device__ inline Pack<Real, Count> load(Width<Count>, const T* tensor, long long i)
{
    constexpr int Length = Piece<T>::count;
    Pack<Real, Count> values;
#pragma unroll
    for (int p = 0; p < Count / Length; p++)
    {
        const Piece<T> piece = reinterpret_cast<const Piece<T>*>(tensor + i)[p];
#pragma unroll
        for (int k = 0; k < Length; k++)
            values[p * Length + k] = Real(widen(piece.get(k)));
    }

    return values;
}

template <typename T> static __device__ inline Pack<Real, 1> load(Width<1>, const T* tensor, long long i) { return { { Real(widen(tensor[i])) } }; }

// A tensor with a number for each row, as seen from the elements i, i + 1, ...
template <typename T, int Count> static __device__ inline Pack<Real, Count> load_rows(Width<Count>, const T* tensor, long long i, const Layout& layout)
{
    Pack<Real, Count> values;
    long long row = i / layout.columns, column = i - row * layout.columns;
    for (int k = 0; k < Count; k++)
    {
        values[k] = Real(widen(tensor[row]));
        if (++column == layout.columns)
            column = 0, row++;
    }

    return values;
}

// A tensor with a number for each column of each matrix.
template <typename T, int Count> static __device__ inline Pack<Real, Count> load_columns(Width<Count>, const T* tensor, long long i, const Layout& layout)
{
    Pack<Real, Count> values;
    const long long row = i / layout.columns;
    long long column = i - row * layout.columns, matrix = row / layout.rows, left = layout.rows - (row - matrix * layout.rows);
    for (int k = 0; k < Count; k++)
    {
        values[k] = Real(widen(tensor[matrix * layout.columns + column]));
        if (++column == layout.columns)
        {
            column = 0;
            if (--left == 0)
                left = layout.rows, matrix++;
        }
    }

    return values;
}

template <typename T, int Count> static __device__ inline void store(Width<Count>, T* tensor, long long i, const Pack<Real, Count>& values)
{
    constexpr int Length = Piece<T>::count;
#pragma unroll
    for (int p = 0; p < Count / Length; p++)
    {
        Piece<T> piece;
#pragma unroll
        for (int k = 0; k < Length; k++)
        {
            T value;
            narrow(values[p * Length + k], value);
            piece.set(k, value);
        }

        reinterpret_cast<Piece<T>*>(tensor + i)[p] = piece;
    }
}

template <typename T> static __device__ inline void store(Width<1>, T* tensor, long long i, const Pack<Real, 1>& values) { narrow(values[0], tensor[i]); }

// Hands the elements of a chunk to the threads of the block: several at once where every tensor is aligned, what is left over and
// tensors that are not aligned one by one. A chunk begins at a multiple of 16 elements.
template <typename Body> static __device__ inline void for_elements(const Chunk& chunk, bool aligned, const Body& body)
{
    const long long end = chunk.begin + chunk.count;
    const long long whole = aligned ? end - (chunk.count % Elements) : chunk.begin;
    for (long long i = chunk.begin + (long long)threadIdx.x * Elements; i < whole; i += (long long)blockDim.x * Elements)
        body(Width<Elements>(), i);
    for (long long i = whole + threadIdx.x; i < end; i += blockDim.x)
        body(Width<1>(), i);
}

// Adds up what the threads of the block hold, in double and in an order that is always the same.
static __device__ inline void block_sum(Real mine, double* total)
{
    __shared__ double shares[Threads];
    shares[threadIdx.x] = mine;
    for (int half = Threads / 2; half > 0; half /= 2)
    {
        __syncthreads();
        if ((int)threadIdx.x < half)
            shares[threadIdx.x] += shares[threadIdx.x + half];
    }

    if (threadIdx.x == 0)
        *total = shares[0];
    __syncthreads();
}

// Powers with one exponent for all elements; the exact ones are exact.
template <typename T> static __device__ inline T power(T a, T exponent)
{
    return exponent == T(2) ? a * a : exponent == T(1) ? a : exponent == T(0.5) ? sqrt(a) : exponent == T(0) ? T(1) : pow(a, exponent);
}
