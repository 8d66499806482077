import { TABLE_KEYS } from '../../shared/aws/tables.ts';
import { ModelTable } from '../simulation/models/model-table.ts';

/** The tables of a deployment, empty. */
export function modelTables() {
  return {
    incidents: new ModelTable({ keys: TABLE_KEYS.incidents }),
    applicationLogs: new ModelTable({ keys: TABLE_KEYS.applicationLogs }),
    alertGroups: new ModelTable({ keys: TABLE_KEYS.alertGroups }),
    ledger: new ModelTable({ keys: TABLE_KEYS.ledger }),
  };
}
