// CUDA's words for clang without NVIDIA's headers: what NVRTC knows by itself.
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __launch_bounds__(threads) __attribute__((launch_bounds(threads)))
#define __forceinline__ inline __attribute__((always_inline))

struct ThreadIndex { struct X { __device__ operator unsigned() const { return __nvvm_read_ptx_sreg_tid_x(); } } x; };
struct BlockIndex { struct X { __device__ operator unsigned() const { return __nvvm_read_ptx_sreg_ctaid_x(); } } x; };
struct BlockSize { struct X { __device__ operator unsigned() const { return __nvvm_read_ptx_sreg_ntid_x(); } } x; };
struct GridSize { struct X { __device__ operator unsigned() const { return __nvvm_read_ptx_sreg_nctaid_x(); } } x; };
static __device__ constexpr ThreadIndex threadIdx = {};
static __device__ constexpr BlockIndex blockIdx = {};
static __device__ constexpr BlockSize blockDim = {};
static __device__ constexpr GridSize gridDim = {};

static __device__ inline float __int_as_float(int bits) { return __builtin_bit_cast(float, bits); }
static __device__ inline int __float_as_int(float value) { return __builtin_bit_cast(int, value); }
static __device__ inline double __longlong_as_double(long long bits) { return __builtin_bit_cast(double, bits); }

#define OPTBIAS_FUNCTION(name) \
    extern "C" __device__ float name##f(float); \
    extern "C" __device__ double name(double); \
    static __device__ inline float name(float a) { return name##f(a); }
OPTBIAS_FUNCTION(exp) OPTBIAS_FUNCTION(log) OPTBIAS_FUNCTION(tanh)
static __device__ inline float sqrt(float a) { return __nvvm_sqrt_rn_f(a); }
static __device__ inline double sqrt(double a) { return __nvvm_sqrt_rn_d(a); }
static __device__ inline float fabs(float a) { return __builtin_fabsf(a); }
static __device__ inline double fabs(double a) { return __builtin_fabs(a); }
static __device__ inline float fma(float a, float b, float c) { return __nvvm_fma_rn_f(a, b, c); }
static __device__ inline double fma(double a, double b, double c) { return __nvvm_fma_rn_d(a, b, c); }
static __device__ inline float copysign(float a, float b) { return __builtin_copysignf(a, b); }
static __device__ inline double copysign(double a, double b) { return __builtin_copysign(a, b); }
extern "C" __device__ float powf(float, float);
extern "C" __device__ double pow(double, double);
static __device__ inline float pow(float a, float b) { return powf(a, b); }
