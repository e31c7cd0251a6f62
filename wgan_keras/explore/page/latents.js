// Ways through the latents.

// z moved along directions: `offsets` is {axis: steps}, an axis "d3" the third principal direction, "z3" the third
// latent.
export function moved(z, offsets, directions) {
  const found = Float32Array.from(z);
  for (const [axis, steps] of Object.entries(offsets)) {
    const number = Number(axis.slice(1)) - 1;
    if (axis[0] === "z") found[number] += steps;
    else directions[number].forEach((component, i) => (found[i] += steps * component));
  }
  return found;
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

export const lerp = (a, b, t) => Float32Array.from(a, (value, i) => (1 - t) * value + t * b[i]);

// On the sphere, at constant angular speed, with lengths that change linearly; as `slerp` of models/sampling.py.
export function slerp(a, b, t) {
  const lengths = [Math.sqrt(dot(a, a)), Math.sqrt(dot(b, b))];
  const angle = Math.acos(Math.min(1, Math.max(-1, dot(a, b) / (lengths[0] * lengths[1]))));
  const sine = Math.sin(angle);
  if (!(sine >= 1e-6)) return lerp(a, b, t); // one direction
  const length = (1 - t) * lengths[0] + t * lengths[1];
  const weights = [Math.sin((1 - t) * angle), Math.sin(t * angle)].map((w, i) => (w / sine / lengths[i]) * length);
  return Float32Array.from(a, (value, i) => weights[0] * value + weights[1] * b[i]);
}

export const walk = (prior) => (prior === "normal" ? slerp : lerp);
