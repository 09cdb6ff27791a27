// Loaded before anything else in each thread of an engine process (NODE_OPTIONS): its wall clock can be set, as an
// administrator or NTP does. Timers go on as they are, for the system's monotonic clock does, too.
const { BroadcastChannel } = require('node:worker_threads');

const SystemDate = Date;
const now = SystemDate.now.bind(SystemDate);
// A thread that starts later finds what was set until then.
let skew = Number(process.env.CLOCK_SKEW ?? 0);

globalThis.Date = class extends SystemDate {
  constructor(...time) {
    super(...(time.length === 0 ? [now() + skew] : time));
  }

  static now() {
    return now() + skew;
  }
};

const channel = new BroadcastChannel('clock-skew');
channel.onmessage = ({ data }) => {
  skew = data;
};
channel.unref();

/** Sets the clock of all threads of this process, to so many milliseconds ahead of the system's. */
globalThis.setClockSkew = milliseconds => {
  skew = milliseconds;
  process.env.CLOCK_SKEW = String(milliseconds);
  channel.postMessage(milliseconds);
};
