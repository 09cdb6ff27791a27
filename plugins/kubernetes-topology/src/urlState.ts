import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

const NODE = 'node';
const CLUSTER = 'cluster';
const PROBLEMS = 'problems';
const VIEW = 'view';
const NAMESPACE = 'namespace';
const QUERY = 'query';

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

export type ExplorerView = 'explore' | 'clusters';

/** Which part of the plugin's page is shown. Another one begins without what the former remembered. */
export function useExplorerView(): [
  ExplorerView,
  (view: ExplorerView) => void,
] {
  const [search, setSearch] = useSearchParams();
  const set = useCallback(
    (view: ExplorerView) =>
      setSearch(view === 'explore' ? {} : { [VIEW]: view }),
    [setSearch],
  );
  return [search.get(VIEW) === 'clusters' ? 'clusters' : 'explore', set];
}

/** The namespace that the explorer shows, and the object that is selected in it; without one, all. */
export function useExplorerPlace(): [
  { cluster: string; namespace: string } | undefined,
  (
    place: { cluster: string; namespace: string } | undefined,
    node?: string,
  ) => void,
] {
  const [search, setSearch] = useSearchParams();
  const cluster = search.get(CLUSTER);
  const namespace = search.get(NAMESPACE);
  const set = useCallback(
    (
      place: { cluster: string; namespace: string } | undefined,
      node?: string,
    ) =>
      setSearch({
        ...(place && {
          [CLUSTER]: place.cluster,
          [NAMESPACE]: place.namespace,
        }),
        ...(node !== undefined && { [NODE]: node }),
      }),
    [setSearch],
  );
  return [
    cluster === null || namespace === null ? undefined : { cluster, namespace },
    set,
  ];
}

/** The query that the explorer answers. */
export function useQueryText() {
  return useUrlValue(QUERY);
}

/** The page's own address with these values and no others, for links. */
export function hrefWith(values: Record<string, string>): string {
  const search = new URLSearchParams(values).toString();
  return `${window.location.pathname}${search === '' ? '' : `?${search}`}`;
}

/** The same address with another node selected. */
export function withSelectedNode(location: string, key: string): string {
  const [path, query = ''] = location.split('?');
  const search = new URLSearchParams(query);
  search.set(NODE, key);
  return `${path}?${search}`;
}
