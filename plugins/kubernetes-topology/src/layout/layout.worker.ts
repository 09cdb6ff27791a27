import { stableLayout } from './stableLayout';
import { Layout, LayoutRequest } from './types';

/** What goes to the worker and back; `id` pairs them. */
export interface LayoutJob {
  id: number;
  request: LayoutRequest;
}
export interface LayoutReply {
  id: number;
  layout: Layout;
}

// Typed by hand: the project compiles against the DOM, not against the worker's own library.
const scope = self as unknown as {
  onmessage: (event: MessageEvent<LayoutJob>) => void;
  postMessage(reply: LayoutReply): void;
};

scope.onmessage = event => {
  const { id, request } = event.data;
  scope.postMessage({ id, layout: stableLayout(request) });
};
