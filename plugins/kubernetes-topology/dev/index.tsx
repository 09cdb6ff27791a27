import '@backstage/cli/asset-types';
import { createDevApp } from '@backstage/frontend-dev-utils';
import { devFeatures } from './stories';

createDevApp({ features: devFeatures });
