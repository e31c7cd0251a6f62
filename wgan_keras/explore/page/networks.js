// The networks of a model, run by ONNX Runtime Web on the CPU.

import * as ort from "./runtime/ort.wasm.min.mjs";

ort.env.wasm.numThreads = 1; // more need headers that static hosts do not send
ort.env.wasm.wasmPaths = new URL("./runtime/", import.meta.url).href;
ort.env.logLevel = "error";

// A file of the page, or an error that a reader understands.
export async function fetched(path, kind) {
  let answer;
  try {
    answer = await fetch(path);
  } catch {
    throw new Error(`${path} could not be fetched; is the server still running?`);
  }
  if (!answer.ok) throw new Error(`${path} is missing (${answer.status}); write the page again by wgan-keras explore.`);
  return answer[kind]();
}

class Network {
  constructor(session) {
    this.session = session;
    this.last = Promise.resolve();
  }

  static async open(path) {
    const file = await fetched(path, "arrayBuffer");
    try {
      return new Network(await ort.InferenceSession.create(file));
    } catch (error) {
      throw new Error(
        `This browser cannot run ${path} (${error.message.slice(0, 200)}); open the page in a current one.`,
      );
    }
  }

  // The first output for {name: [numbers, shape]}; one call waits for the one before.
  run(inputs) {
    const feeds = {};
    for (const [name, [numbers, shape]] of Object.entries(inputs))
      feeds[name] = new ort.Tensor("float32", numbers, shape);
    const done = this.last.then(() => this.session.run(feeds));
    this.last = done.catch(() => {});
    return done;
  }
}

// A model of the page: its description, and what its networks make.
export class Model {
  static async open(directory) {
    const model = new Model();
    model.folder = `models/${directory}/`;
    model.directory = directory;
    const generator = Network.open(`${model.folder}generator.onnx`);
    generator.catch(() => {}); // awaited below, unless the description fails first
    Object.assign(model, await fetched(`${model.folder}model.json`, "json"));
    model.generator = await generator;
    // Samples are there first, and their scores follow.
    model.critic = model.scored ? Network.open(`${model.folder}critic.onnx`) : null;
    model.critic?.catch(() => {});
    return model;
  }

  get size() {
    return this.shape.reduce((product, side) => product * side, 1);
  }

  // Samples (n, *shape), pictures in [-1, 1], as one array, of latents (n, latentDim) and labels (n, classes).
  async samplesOf(latents, labels) {
    const n = latents.length / this.latentDim;
    const inputs = { latents: [latents, [n, this.latentDim]] };
    if (this.classes) inputs.labels = [labels, [n, this.classes.names.length]];
    return (await this.generator.run(inputs)).images.data;
  }

  // The critic's scores of samples, or null where it gives none.
  async scores(samples, labels) {
    if (!this.critic) return null;
    const n = samples.length / this.size;
    const inputs = { images: [samples, [n, ...this.shape]] };
    if (this.classes?.ofCritic) inputs.labels = [labels, [n, this.classes.names.length]];
    return (await (await this.critic).run(inputs)).scores.data;
  }
}
