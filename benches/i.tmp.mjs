const t0=performance.now();
const m=await import('aps-payops/server');
const t1=performance.now();
m.sign({ amount: '1' }, { phrase: 'p', digest: 'SHA-256' });
const t2=performance.now();
console.log('import',(t1-t0).toFixed(2),'sign',(t2-t1).toFixed(2));
