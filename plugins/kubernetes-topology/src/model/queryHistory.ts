const KEY = 'kubernetes-topology.queries';
const MOST = 30;

/** The last queries of this browser, the newest first. Kept where storage is allowed, forgotten otherwise. */
export const queryHistory = {
  read(): string[] {
    try {
      const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
      return Array.isArray(stored)
        ? stored.filter((each): each is string => typeof each === 'string')
        : [];
    } catch {
      return [];
    }
  },

  remember(query: string): string[] {
    const queries = [
      query,
      ...queryHistory.read().filter(each => each !== query),
    ].slice(0, MOST);
    try {
      localStorage.setItem(KEY, JSON.stringify(queries));
    } catch {
      // Not allowed, or full.
    }
    return queries;
  },
};
