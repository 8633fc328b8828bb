// APS sends the customer back here, by GET or POST. That proves nothing: the notification does.

async function goOn(_request, { params }) {
  const { id } = await params;
  return new Response(null, { status: 303, headers: { location: `/orders/${encodeURIComponent(id)}` } });
}

export { goOn as GET, goOn as POST };
