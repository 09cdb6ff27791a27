import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

const NODE = 'node';
const CLUSTER = 'cluster';
const PROBLEMS = 'problems';

/**
 * What the URL remembers of the view, so that it can be shared and survives a reload. The one file that knows the
 * router: Backstage 1.57 makes it the app's own.
 */
function useUrlValue(
  name: string,
): [string | undefined, (value: string | undefined) => void] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (value: string | undefined) => {
      setSearch(
        current => {
          const next = new URLSearchParams(current);
          if (value === undefined) {
            next.delete(name);
          } else {
            next.set(name, value);
          }
          return next;
        },
        { replace: true, preventScrollReset: true },
      );
    },
    [setSearch, name],
  );
  return [search.get(name) ?? undefined, set];
}

/** The key of the selected object. */
export function useSelectedNode() {
  return useUrlValue(NODE);
}

/** The name of the cluster whose health is shown. */
export function useSelectedCluster() {
  return useUrlValue(CLUSTER);
}

/** Whether only what has a problem is listed. */
export function useOnlyProblems(): [boolean, (isOn: boolean) => void] {
  const [value, set] = useUrlValue(PROBLEMS);
  const change = useCallback(
    (isOn: boolean) => set(isOn ? '1' : undefined),
    [set],
  );
  return [value === '1', change];
}

/** The same address with another node selected. */
export function withSelectedNode(location: string, key: string): string {
  const [path, query = ''] = location.split('?');
  const search = new URLSearchParams(query);
  search.set(NODE, key);
  return `${path}?${search}`;
}
