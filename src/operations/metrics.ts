import { collectDefaultMetrics, Gauge, Registry } from "prom-client";

export interface Gauges {
  /** What each gauge shows, read when Prometheus asks. */
  [name: string]: { help: string; read: () => number };
}

/** The registry behind `/metrics`: node's own figures and the service's. */
export function createMetrics(gauges: Gauges): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
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
