// The process that Allspark talks to: one JSON object a line on standard input, one a line back on standard output.
//
//   {"id": 1, "method": "render", "params": {...}}  ->  {"id": 1, "result": {...}} or {"id": 1, "error": {"message": "..."}}
//   {"method": "cancel", "params": {"id": 1}}       ->  request 1 is answered with an error at once
//
// This thread only reads and writes; the work is done on a second thread (compute.mjs). So a request that never ends can
// be cancelled, and the process leaves as soon as its input closes, which is how it dies with its parent.
import { StringDecoder } from 'node:string_decoder';
import { Worker } from 'node:worker_threads';

const oldestNode = 20;
if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(`Node.js ${process.versions.node} is too old: install Node.js ${oldestNode} or later\n`);
  process.exit(3);
}

const waiting = new Map(); // id -> request, in order of arrival; the first one is being worked on
let thread = startThread();

function startThread() {
  const started = new Worker(new URL('./compute.mjs', import.meta.url), { stdout: true });
  started.stdout.pipe(process.stderr); // whatever a library prints must not mix with the answers
  started.on('message', (reply) => {
    if (waiting.delete(reply.id)) answer(reply);
  });
  started.on('error', (error) => replaceThread(started, `the work stopped: ${error.message}`));
  started.on('exit', (code) => replaceThread(started, `the work stopped with code ${code}`));
  return started;
}

/** Answers the request that the thread was at with an error, and gives those behind it to a new thread. */
function replaceThread(old, message) {
  if (old !== thread) return;
  const [id] = waiting.keys();
  if (id !== undefined) fail(id, message);
  thread = startThread();
  old.terminate();
  for (const request of waiting.values()) thread.postMessage(request);
}

function cancel(id) {
  if (!waiting.has(id)) return;
  const [current] = waiting.keys();
  if (id === current) replaceThread(thread, 'cancelled');
  else fail(id, 'cancelled'); // the thread may still come to it; its answer is then dropped
}

function answer(reply) {
  process.stdout.write(JSON.stringify(reply) + '\n');
}

function fail(id, message) {
  waiting.delete(id);
  answer({ id, error: { message } });
}

function receive(line) {
  let request;
  try {
    request = JSON.parse(line);
  } catch (error) {
    return answer({ id: null, error: { message: `a request is one JSON object a line: ${error.message}` } });
  }
  const { id, method, params } = request ?? {};
  if (method === 'cancel') return cancel(params?.id);
  if (!Number.isSafeInteger(id) || waiting.has(id)) {
    return answer({ id: null, error: { message: 'a request needs an integer id of its own' } });
  }
  if (typeof method !== 'string') return answer({ id, error: { message: 'a request needs a method' } });
  waiting.set(id, { id, method, params });
  thread.postMessage({ id, method, params });
}

const decoder = new StringDecoder('utf8');
let parts = [];
process.stdin.on('data', (chunk) => {
  const pieces = decoder.write(chunk).split('\n');
  for (const piece of pieces.slice(0, -1)) {
    parts.push(piece);
    const line = parts.join('').trim();
    parts = [];
    if (line) receive(line);
  }
  parts.push(pieces.at(-1));
});
process.on('SIGINT', () => {}); // Ctrl+C reaches the whole group; whether to stop is the parent's to say
process.stdin.on('end', () => process.exit(0));
process.stdin.on('error', () => process.exit(0));
process.stdout.on('error', () => process.exit(0));
