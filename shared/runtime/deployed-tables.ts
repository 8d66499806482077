import { dynamoDbTable } from '../aws/dynamodb-table.ts';
import { TABLE_KEYS } from '../aws/tables.ts';
import { required } from './environment.ts';

/** The tables that a function was given, each made when asked for. */
export const deployedTables = {
  ledger: () => dynamoDbTable({ tableName: required('LEDGER_TABLE'), keys: TABLE_KEYS.ledger }),
  incidents: () => dynamoDbTable({ tableName: required('INCIDENTS_TABLE'), keys: TABLE_KEYS.incidents }),
  alertGroups: () => dynamoDbTable({ tableName: required('ALERT_GROUPS_TABLE'), keys: TABLE_KEYS.alertGroups }),
  applicationLogs: () =>
    dynamoDbTable({ tableName: required('APPLICATION_LOGS_TABLE'), keys: TABLE_KEYS.applicationLogs }),
};
