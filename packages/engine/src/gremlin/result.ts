import { Json } from '../kinds/observation';

/** A node as Skydive's answers show it (`skydive.md` 1.1, 3.9); times in milliseconds since the epoch. */
export interface GremlinNode {
  /** The node's key. */
  ID: string;
  /** `Manager`, `Type`, `Name`, `ClusterName`, `State`, `Status`, `Stale` where it is true, and `K8s`. */
  Metadata: { [name: string]: Json };
  Host: string;
  Origin: string;
  CreatedAt: number;
  UpdatedAt: number;
  DeletedAt: null;
  Revision: number;
}

export interface GremlinEdge {
  /** `<source key>|<relation>|<target key>`. */
  ID: string;
  Parent: string;
  Child: string;
  Metadata: { [name: string]: Json };
  Host: string;
  Origin: string;
  CreatedAt: number;
  UpdatedAt: number;
  DeletedAt: null;
  Revision: number;
}

/** The value of a query in Skydive's result form, and whether a bound cut it. */
export interface GremlinAnswer {
  value:
    | GremlinNode[]
    | GremlinEdge[]
    | { Nodes: GremlinNode[]; Edges: GremlinEdge[] }[]
    | GremlinNode[][]
    | Json;
  /** Set when a row, depth or time bound cut the answer: which, in words. */
  cut?: string;
  /** Set when nothing was found and a word of the query is probably misspelt: `no kind is called "depolyment"; did you mean deployment?` */
  hint?: string;
}
