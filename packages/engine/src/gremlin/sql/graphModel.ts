import { Moment } from '../../store/moment';
import type { GraphDictionaries } from '../dictionaries';
import { FieldPath } from '../fieldPath';
import { GremlinEdge, GremlinNode } from '../result';
import { EdgeResultRow, NodeResultRow } from '../rows';
import { Dialect } from './dialect';
import { FieldSource } from './fieldSource';
import type { View } from './hops';
import { Sql } from './sql';

/** How the tables hold a graph: where its fields lie, and how its rows read as elements. */
export interface GraphModel {
  /** Whether there is a past to ask for. */
  readonly hasHistory: boolean;
  /** Read from the row `n` of `nodes`. */
  nodeField(
    path: FieldPath,
    dialect: Dialect,
    view: View,
    dictionaries?: GraphDictionaries,
  ): FieldSource;
  /** Read from the row `e` of `edges`. */
  edgeField(
    path: FieldPath,
    dialect: Dialect,
    moment: Moment,
    dictionaries?: GraphDictionaries,
  ): FieldSource;
  /** Conditions on the row `e`, of which any says that the edge has this id. */
  edgesOfId(id: string, moment: Moment): Sql[];
  /** The paths in `Metadata` that a field may mean; several where keys hold dots themselves. */
  metadataPaths(path: FieldPath): readonly (readonly string[])[];
  /**
   * Besides what every row has, for `node`: columns made from the row `n` of `nodes`. What takes long to find out is only
   * there for a query that names it.
   */
  nodeColumns(
    dialect: Dialect,
    view: View,
    names: (field: string) => boolean,
  ): readonly Sql[];
  node(row: NodeResultRow): GremlinNode;
  edge(row: EdgeResultRow): GremlinEdge;
}
