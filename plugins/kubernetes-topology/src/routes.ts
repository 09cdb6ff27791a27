import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The plugin's page: what there is in all clusters, and how well they are read. */
export const rootRouteRef = createRouteRef();
