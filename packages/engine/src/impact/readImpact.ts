import { Impact } from './impact';
import { readImpactGraph } from './readImpactGraph';
import { spreadImpact } from './spreadImpact';

/** What breaks if an object goes; `undefined` when there is no such object, or none that the asker may see. */
export async function readImpact(
  source: Parameters<typeof readImpactGraph>[0],
  key: string,
  options: { limit: number },
): Promise<Impact | undefined> {
  const graph = await readImpactGraph(source, key);
  return graph && spreadImpact(graph, options);
}
