/** Tells whether an address is one of this machine or this network, where a proxy stands. */
import { isPublicAddress } from '../../core/network-address.ts';

export function isNearby(address: string): boolean {
  return !isPublicAddress(address);
}
