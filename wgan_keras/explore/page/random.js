// The random numbers of wgan_keras/random.py: the same seed gives the same latents here and there.

const LEVELS = 2 ** 23;
const SEED_OF_LABELS = 2 ** 40; // labels and latents of one seed are independent

// Three words of 32 random bits: pcg3d (Jarzynski and Olano, JCGT 9(3), 2020).
function pcg3d(x, y, z) {
  [x, y, z] = [x, y, z].map((v) => (Math.imul(v, 1664525) + 1013904223) | 0);
  for (const last of [false, true]) {
    x = (x + Math.imul(y, z)) | 0;
    y = (y + Math.imul(z, x)) | 0;
    z = (z + Math.imul(x, y)) | 0;
    if (!last) [x, y, z] = [x, y, z].map((v) => v ^ (v >>> 16));
  }
  return [x, y, z];
}

// `count` numbers from the open interval (0, 1), exact in float32. All first words come first, then all second ones.
export function uniform(count, seed) {
  const elements = Math.ceil(count / 3);
  const numbers = new Float64Array(3 * elements);
  const key = seed % 2 ** 31;
  const counter = Math.floor(seed / 2 ** 31) % 2 ** 31;
  for (let i = 0; i < elements; i++) {
    pcg3d(i, key, counter).forEach((word, j) => {
      numbers[j * elements + i] = ((word >>> 9) + 0.5) / LEVELS;
    });
  }
  return numbers.subarray(0, count);
}

const polynomial = (coefficients, r) => coefficients.reduceRight((sum, c) => sum * r + c, 0);

// Coefficients of Wichura's AS 241 (Applied Statistics 37(3), 1988), near the middle and in the tails.
const MIDDLE = [
  [
    3.387132872796366608, 133.14166789178437745, 1971.5909503065514427, 13731.693765509461125, 45921.953931549871457,
    67265.770927008700853, 33430.575583588128105, 2509.0809287301226727,
  ],
  [
    1, 42.313330701600911252, 687.1870074920579083, 5394.1960214247511077, 21213.794301586595867, 39307.89580009271061,
    28729.085735721942674, 5226.495278852854561,
  ],
];
const TAIL = [
  [
    1.42343711074968357734, 4.6303378461565452959, 5.7694972214606914055, 3.64784832476320460504,
    1.27045825245236838258, 0.24178072517745061177, 0.0227238449892691845833, 7.7454501427834140764e-4,
  ],
  [
    1, 2.05319162663775882187, 1.6763848301838038494, 0.68976733498510000455, 0.14810397642748007459,
    0.0151986665636164571966, 5.475938084995344946e-4, 1.05075007164441684324e-9,
  ],
];

// The number below which a standard normal one lies with probability u, for u from 1e-11 to 1 - 1e-11.
export function quantile(u) {
  const q = u - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(MIDDLE[0], r)) / polynomial(MIDDLE[1], r);
  }
  const r = Math.sqrt(-Math.log(Math.min(u, 1 - u))) - 1.6;
  return (Math.sign(q) * polynomial(TAIL[0], r)) / polynomial(TAIL[1], r);
}

// n latents, row after row, from N(0, 1) or U(-1, 1).
export function latents(prior, n, width, seed) {
  const toPrior = prior === "uniform" ? (u) => 2 * u - 1 : quantile;
  return Float32Array.from(uniform(n * width, seed), toPrior);
}

// n numbers of classes, as often as `counts` says.
export function labels(counts, n, seed) {
  const total = counts.reduce((sum, count) => sum + count, 0);
  let sum = 0;
  const bounds = counts.map((count) => (sum += count) / total);
  return Array.from(uniform(n, seed + SEED_OF_LABELS), (u) => bounds.findIndex((bound) => bound > u));
}
