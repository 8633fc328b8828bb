// Svelte 5: a {#key} block swaps the inputs, bind:value holds their values.
import { mount } from 'svelte';
import Checkout from './Checkout.svelte';

mount(Checkout, { target: document.getElementById('app') });
