import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import type { Subscription } from '../health/examine.ts';
import { callAws } from './aws-fault.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';

/** The subscriptions of a topic, whether they were confirmed or not. */
export async function topicSubscriptions(TopicArn: string): Promise<Subscription[]> {
  const client = new SNSClient(CLIENT_SETTINGS);
  const topic = TopicArn.slice(TopicArn.lastIndexOf(':') + 1);
  const found: Subscription[] = [];
  let NextToken: string | undefined;
  do {
    const request = new ListSubscriptionsByTopicCommand({ TopicArn, NextToken });
    const page = await callAws('ListSubscriptionsByTopic', () => client.send(request));
    for (const { Endpoint = '', SubscriptionArn = '' } of page.Subscriptions ?? []) {
      // Instead of an ARN. Source: SNS API, Subscribe.
      found.push({ topic, endpoint: Endpoint, isConfirmed: !/^pending ?confirmation$/i.test(SubscriptionArn) });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
