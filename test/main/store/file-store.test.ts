import { storeContract } from '../../contracts/store-contract.ts';
import { tempFolder } from '../../helpers/temp-folder.ts';
import { openTestVault } from './open-test-vault.ts';

storeContract('a vault on disk', (clock) => openTestVault(tempFolder(), { clock }));
