// The working thread: takes requests one after another and answers each, whatever happens in it.
import { parentPort } from 'node:worker_threads';

/** Every method of the protocol: its name and the module whose `run(params)` does it, loaded when first asked for. */
const methods = {
  ping: async () => ({ run: () => ({ node: process.versions.node }) }),
  render: () => import('./render.mjs'),
  solve: () => import('./solve.mjs'),
};

let last = Promise.resolve();
parentPort.on('message', (request) => {
  last = last.then(() => respond(request));
});

async function respond({ id, method, params }) {
  try {
    if (!Object.hasOwn(methods, method)) {
      throw new Error(`no method '${method}'; there are ${Object.keys(methods).join(', ')}`);
    }
    const { run } = await methods[method]();
    parentPort.postMessage({ id, result: await run(params ?? {}) });
  } catch (error) {
    parentPort.postMessage({ id, error: { message: String(error?.message ?? error) } });
  }
}
