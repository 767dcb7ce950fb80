import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

const EVENT_LOOP_TIMER_MS = 2;

export interface Gauges {
  /** What each gauge shows, read when Prometheus asks. */
  [name: string]: { help: string; read: () => number };
}

/** The registry behind `/metrics`: node's own figures and the service's. */
export function createMetrics(gauges: Gauges): Registry {
  const registry = new Registry();
  // Node's figure for the event loop's delay holds the interval of its own timer.
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_TIMER_MS });
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({
      name: `trading_playground_${name}`,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
  return registry;
}
