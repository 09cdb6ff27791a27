import { createContext, useContext } from 'react';

/** What a node may ask of the canvas. Stable: a context keeps callbacks out of the nodes' data. */
export interface CanvasActions {
  openFold(id: string): void;
  select(key: string): void;
}

const CanvasActionsContext = createContext<CanvasActions>({
  openFold: () => undefined,
  select: () => undefined,
});

export const CanvasActionsProvider = CanvasActionsContext.Provider;

export function useCanvasActions(): CanvasActions {
  return useContext(CanvasActionsContext);
}
