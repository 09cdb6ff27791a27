export { parseQuantity } from '../kinds/quantity';
