import { useCallback } from 'react';
import { useSearchParams } from 'react-router-dom';

const NODE = 'node';

/**
 * What the URL remembers of the view, so that it can be shared and survives a reload. The one file that knows the
 * router: Backstage 1.57 makes it the app's own.
 */
export function useSelectedNode(): [
  string | undefined,
  (key: string | undefined) => void,
] {
  const [search, setSearch] = useSearchParams();
  const select = useCallback(
    (key: string | undefined) => {
      setSearch(
        current => {
          const next = new URLSearchParams(current);
          if (key === undefined) {
            next.delete(NODE);
          } else {
            next.set(NODE, key);
          }
          return next;
        },
        { replace: true, preventScrollReset: true },
      );
    },
    [setSearch],
  );
  return [search.get(NODE) ?? undefined, select];
}

/** The same address with another node selected. */
export function withSelectedNode(location: string, key: string): string {
  const [path, query = ''] = location.split('?');
  const search = new URLSearchParams(query);
  search.set(NODE, key);
  return `${path}?${search}`;
}
