/** All workers end by themselves shortly after the tasks FAULT_TASKS (numbers, separated by commas) were handed out. */
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

const { MessagePort, Worker } = threads;
const tasks = new Set(process.env.FAULT_TASKS.split(',').map(Number));
const workers = new Set();
let posted = 0;

threads.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    workers.add(this);
    this.once('exit', () => workers.delete(this));
  }
};
syncBuiltinESMExports();

const { postMessage } = MessagePort.prototype;
MessagePort.prototype.postMessage = function post(...args) {
  if (args[0]?.task !== undefined && tasks.has(++posted)) {
    setTimeout(() => {
      for (const worker of workers) void worker.terminate();
    }, 2);
  }
  return postMessage.apply(this, args);
};
