import { KubernetesObject } from './kindDefinition';
import { Json } from './observation';

const MOST_NAMES = 50;

/**
 * Variables of a pod template that have two definitions, of which one counts; only names, as `app.DB_HOST`.
 *
 * - `ShadowedEnv`: twice in `env`, the later one counts;
 * - `EnvBesideEnvFrom`: in `env` of a container that has `envFrom` too; hides a key of its name there.
 */
export function environmentProperties(podSpec: KubernetesObject | undefined): {
  [name: string]: Json | undefined;
} {
  const twice: string[] = [];
  const beside: string[] = [];
  for (const container of listOf(podSpec?.containers)) {
    const entries = listOf(container?.env);
    const hasSources = listOf(container?.envFrom).length > 0;
    if (entries.length < 2 && !hasSources) {
      continue;
    }
    const seen = new Set<string>();
    for (const entry of entries) {
      const name = `${container.name}.${entry?.name}`;
      if (seen.has(name)) {
        twice.push(name);
      }
      seen.add(name);
    }
    if (hasSources) {
      beside.push(...seen);
    }
  }
  return {
    ShadowedEnv: twice.length > 0 ? twice.slice(0, MOST_NAMES) : undefined,
    EnvBesideEnvFrom:
      beside.length > 0 ? beside.slice(0, MOST_NAMES) : undefined,
  };
}

function listOf(value: unknown): any[] {
  return Array.isArray(value) ? value : [];
}
