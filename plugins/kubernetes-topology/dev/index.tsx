import '@backstage/cli/asset-types';
import '@backstage/ui/css/styles.css';
import { createDevApp } from '@backstage/frontend-dev-utils';
import { devFeatures } from './stories';

createDevApp({ features: devFeatures });
