// Vue 3: v-if swaps the inputs, v-model holds their values.
import { attachCheckout } from 'aps-payops';
import { createApp, h, onMounted, onUnmounted, reactive, ref, vModelText, withDirectives } from 'vue';
import { CARD, GATEWAY, HIDDEN, options } from './shared.js';

const Checkout = {
  setup() {
    const form = ref(null);
    const isOther = ref(false);
    const values = reactive({});
    window.held = values;
    window.swap = () => {
      isOther.value = !isOther.value;
      for (const name of Object.keys(values)) delete values[name];
    };
    onMounted(() => {
      window.checkout = attachCheckout(form.value, options);
    });
    onUnmounted(() => window.checkout.detach());
    const card = (which) =>
      CARD.map(([name, id]) =>
        withDirectives(
          h('input', {
            key: `${which}-${name}`,
            id,
            name,
            'aria-label': name,
            required: true,
            'onUpdate:modelValue': (value) => {
              values[name] = value;
            },
          }),
          [[vModelText, values[name]]],
        ),
      );
    // What the compiler makes of v-if and v-else.
    return () =>
      h('form', { ref: form, method: 'post', action: GATEWAY }, [
        ...HIDDEN.map(([name, value]) => h('input', { type: 'hidden', name, value })),
        isOther.value ? h('div', { key: 1 }, card('other')) : h('div', { key: 0 }, card('first')),
        h('p', { 'data-aps-message': 'card_number' }),
        h('button', { id: 'pay' }, 'Pay'),
      ]);
  },
};

createApp(Checkout).mount('#app');
