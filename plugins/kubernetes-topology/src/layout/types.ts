/** Canvas units; every position is absolute, top left. */
export interface Point {
  x: number;
  y: number;
}

export interface Rectangle extends Point {
  width: number;
  height: number;
}

export interface LayoutNode {
  id: string;
  width: number;
  height: number;
  cluster: string;
  /** `''`: cluster-scoped, placed beside the namespaces. */
  namespace: string;
}

export interface LayoutEdge {
  id: string;
  source: string;
  target: string;
}

export interface LayoutInput {
  nodes: LayoutNode[];
  edges: LayoutEdge[];
}

/** The box around a cluster's or a namespace's nodes. */
export interface Frame extends Rectangle {
  id: string;
  cluster: string;
  /** Absent: the cluster's frame. */
  namespace?: string;
}

export interface Layout {
  positions: Record<string, Point>;
  frames: Frame[];
  /** Ways around other nodes, by edge id; an edge without one is drawn as a plain curve. */
  routes: Record<string, Point[]>;
}

export interface LayoutRequest {
  input: LayoutInput;
  /** What is on screen: its nodes keep their place. */
  previous?: Layout;
}
