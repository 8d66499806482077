import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';

const metrics = new Metrics({ namespace: 'Shop', serviceName: 'shop' });

metrics.addMetric('orders', MetricUnit.Count, 3);
metrics.addMetric('latency', MetricUnit.Milliseconds, 12.5);
metrics.addMetadata('order', '17');
metrics.publishStoredMetrics();
